package dev.goodhart.neural.generate;

/** What a {@link Generation} gives out, as it comes. */
public sealed interface Event permits Token, Completion {
  /** Which {@link PromptTokens}. */
  long prompt();

  /** Which of the prompt's samples, from 0. */
  int sample();
}
