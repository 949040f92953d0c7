package dev.goodhart.verify.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds formulas between dollar signs, {@code \( \)} and {@code \[ \]} in a text. */
final class Formulas {
  private static final int WINDOW = 6_000;
  private static final int MAX_FORMULA = 2_000;
  private static final int MAX_TRIED = 6;
  private static final Set<String> ROUNDING =
      Set.of("about", "approximately", "roughly", "around", "approximately equal to", "≈");

  /** A formula with its place; the place includes the delimiters. */
  record Span(int start, int end, String contents) {}

  /** The last formula or number in a text, whichever comes last; empty when there is none. */
  static String last(String text) {
    String s = text.length() > WINDOW ? text.substring(text.length() - WINDOW) : text;
    List<Span> spans = all(s);
    int after = spans.isEmpty() ? 0 : spans.getLast().end();
    Span plain = Prose.lastRun(s, after);
    boolean rounded = !spans.isEmpty() && plain.start() > 0 && isRounding(s, after, plain.start());
    if (!plain.contents().isEmpty() && !isLabel(plain.contents()) && !rounded) {
      return plain.contents();
    }
    for (int k = spans.size() - 1; k >= 0 && k >= spans.size() - MAX_TRIED; k--) {
      Reading reading = Reading.of(spans.get(k).contents());
      boolean says =
          !reading.meanings().isEmpty() && !(reading.meanings().getFirst() instanceof Expr.Sym);
      if (says) {
        if (k > 0 && isRounding(s, spans.get(k - 1).end(), spans.get(k).start())) {
          continue;
        }
        int first = k;
        while (first > 0
            && Connectives.join(s, spans.get(first - 1).end(), spans.get(first).start(), 24)) {
          first--;
        }
        return joined(s, spans.subList(first, k + 1));
      }
    }
    if (!spans.isEmpty()) {
      String before = Prose.lastRun(s.substring(0, spans.getFirst().start()), 0).contents();
      return before.isEmpty() ? spans.getLast().contents() : before;
    }
    return plain.contents();
  }

  /** Whether what comes next only repeats in decimals what came before: "2/3, or about 0.667". */
  private static boolean isRounding(String s, int from, int to) {
    if (to <= from || to - from > 40) {
      return false;
    }
    String between = s.substring(from, to).strip().toLowerCase(Locale.ROOT);
    return ROUNDING.contains(between.replaceFirst("^[,(]?\\s*(or|which is|i\\.e\\.)?\\s*", ""));
  }

  /** {@code (1)} and the like number something. */
  private static boolean isLabel(String run) {
    return run.length() == 3 && run.charAt(0) == '(' && run.charAt(2) == ')';
  }

  /** The contents side by side as a list, with the unit behind the last. */
  static String joined(String s, List<Span> spans) {
    String all = spans.stream().map(Span::contents).collect(Collectors.joining(", "));
    int at = spans.getLast().end();
    int from = at;
    while (from < s.length() && s.charAt(from) == ' ') {
      from++;
    }
    int to = from;
    while (to < s.length() && (Character.isLetter(s.charAt(to)) || s.charAt(to) == '%')) {
      to++;
    }
    String word = s.substring(from, to);
    boolean unit =
        word.equals("%") || (word.length() > 1 && Unit.isKnown(word) && !word.equals("in"));
    return unit ? all + (word.equals("%") ? "\\%" : "\\text{ " + word + "}") : all;
  }

  /** All formulas, in order. A dollar sign that opens none (a price) is passed over. */
  static List<Span> all(String s) {
    List<Span> spans = new ArrayList<>();
    int i = 0;
    int lastInline = s.lastIndexOf("\\)");
    int lastDisplay = s.lastIndexOf("\\]");
    while (i < s.length()) {
      char c = s.charAt(i);
      if (c == '$') {
        boolean display = s.startsWith("$$", i);
        int from = i + (display ? 2 : 1);
        int close = s.indexOf(display ? "$$" : "$", from);
        if (close > from && isFormula(s, from, close, display)) {
          i = close + (display ? 2 : 1);
          spans.add(new Span(from - (display ? 2 : 1), i, s.substring(from, close).strip()));
        } else {
          i = from;
        }
      } else if (c == '\\'
          && i + 1 < s.length()
          && (s.charAt(i + 1) == '(' || s.charAt(i + 1) == '[')) {
        boolean inline = s.charAt(i + 1) == '(';
        int close =
            (inline ? lastInline : lastDisplay) < i ? -1 : s.indexOf(inline ? "\\)" : "\\]", i + 2);
        if (close > i + 2 && close - i <= MAX_FORMULA) {
          spans.add(new Span(i, close + 2, s.substring(i + 2, close).strip()));
          i = close + 2;
        } else {
          i += 2;
        }
      } else {
        i += c == '\\' ? 2 : 1;
      }
    }
    return spans;
  }

  private static boolean isFormula(String s, int from, int close, boolean display) {
    if (close - from > MAX_FORMULA) {
      return false;
    }
    if (display) {
      return true;
    }
    String inside = s.substring(from, close);
    boolean price =
        close + 1 < s.length()
            && Lexer.isDigit(s.charAt(close + 1))
            && Lexer.isDigit(s.charAt(from));
    return !inside.isBlank()
        && !inside.contains("\n\n")
        && !price
        && Prose.words(inside, 1) <= 1
        && !(inside.endsWith(" ") && Prose.words(inside) > 0);
  }

  private Formulas() {}
}
