package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The layouts that the field writes its data in. {@code --format} takes their names. */
public enum Layout {
  PREFERENCE("prompt, chosen, rejected: texts or message lists"),
  IMPLICIT_PREFERENCE("chosen, rejected: each begins with the prompt that they share"),
  COMPARISON("prompt, two responses, and which of them won"),
  RANKED("prompt, several responses in order of merit"),
  RATINGS("prompt, response, ratings"),
  UNPAIRED("prompt, completion, label: good or bad"),
  SOLUTIONS("question, and per model a solution with its verdict"),
  STEPWISE("prompt, completions and labels: the steps of one response and their verdicts"),
  RESPONSES("prompt, response: no verdict, perhaps a reference"),
  MESSAGES("messages: a conversation"),
  QUESTION_ANSWER("question and reference answer, no response"),
  PROMPT_ONLY("prompts");

  private final String columns;

  Layout(String columns) {
    this.columns = columns;
  }

  /** The name in kebab case: {@code implicit-preference}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What its columns hold, in words. */
  public String columns() {
    return columns;
  }

  /**
   * Whether a row compares responses, so that {@link Dataset#preferences()} has something to give.
   */
  public boolean hasPairs() {
    return this == PREFERENCE
        || this == IMPLICIT_PREFERENCE
        || this == COMPARISON
        || this == RANKED;
  }

  /**
   * The layout of a name.
   *
   * @throws GoodhartException if there is none
   */
  public static Layout of(String id) {
    for (Layout layout : values()) {
      if (layout.id().equals(id)) {
        return layout;
      }
    }
    throw new GoodhartException("no format is called '" + id + "'; there are " + ids());
  }

  static String ids() {
    return Arrays.stream(values()).map(Layout::id).collect(Collectors.joining(", "));
  }
}
