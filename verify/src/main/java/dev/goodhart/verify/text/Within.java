package dev.goodhart.verify.text;

/** Which part of a response a signal looks at. */
public enum Within {
  /** All of it. */
  RESPONSE,
  /**
   * What follows the last {@code </think>}; all of it where nobody thinks; nothing where a thought
   * is never closed.
   */
  AFTER_THINKING,
  /** What stands in the last {@code <answer>…</answer>}; nothing where there is none. */
  ANSWER;

  /** That part of a response, without white space around it unless it is all of it. */
  public String of(String response) {
    return switch (this) {
      case RESPONSE -> response;
      case AFTER_THINKING -> {
        int close = response.lastIndexOf("</think>");
        yield close >= 0
            ? response.substring(close + "</think>".length()).strip()
            : response.contains("<think>") ? "" : response;
      }
      case ANSWER -> {
        int close = response.lastIndexOf("</answer>");
        int open = close < 0 ? -1 : response.lastIndexOf("<answer>", close);
        yield open < 0 ? "" : response.substring(open + "<answer>".length(), close).strip();
      }
    };
  }
}
