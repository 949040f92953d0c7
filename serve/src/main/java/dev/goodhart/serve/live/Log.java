package dev.goodhart.serve.live;

/** What a client sent, as part of a line of a log. */
final class Log {
  private Log() {}

  /** Without line ends and other controls, which could forge lines, and not too long. */
  static String line(String text) {
    return Texts.cut(text, 200).replaceAll("\\p{C}", " ");
  }
}
