package dev.goodhart.neural.text;

/** Text that UTF-8 can hold. */
final class WellFormed {
  /** The text with U+FFFD for each surrogate that is without the other half of its pair. */
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) continue;
      if (isPair(text, i)) i++;
      else return repaired(text, i);
    }
    return text;
  }

  private static boolean isPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }

  private static String repaired(String text, int from) {
    StringBuilder whole = new StringBuilder(text.length()).append(text, 0, from);
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) whole.append(c);
      else if (isPair(text, i)) whole.append(c).append(text.charAt(++i));
      else whole.append('\ufffd');
    }
    return whole.toString();
  }

  private WellFormed() {}
}
