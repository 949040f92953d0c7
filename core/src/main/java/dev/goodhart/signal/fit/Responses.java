package dev.goodhart.signal.fit;

import dev.goodhart.Prompt;

/** Takes each distinct response of a data set once, in the order of their numbers. */
public interface Responses {
  /**
   * Takes the next response.
   *
   * @param prompt what it answers: the same object for all of a prompt's responses
   */
  void add(Prompt prompt, String response);
}
