package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides what a run of letters is: a function, a connective, a unit, a word, or variables side by
 * side.
 */
final class Words {
  private static final Set<String> RELATED = Set.of("and", "or", "but", "with");

  /** Words of up to three letters that nobody means as a product. */
  private static final Set<String> SHORT =
      Set.of(
          ("in is of to the for are was per not no all out men day has yes am pm st nd rd"
                  + " th sq cu")
              .split(" "));

  private static final Set<String> CURRENCIES =
      Set.of("USD", "US", "EUR", "GBP", "INR", "Rs", "RMB");

  static void emit(String run, Lexer to) {
    String lower = run.toLowerCase(Locale.ROOT);
    if (lower.equals("x") && to.followsNumber() && to.isBeforePowerOfTen()) {
      to.symbol("*"); // 1.2 x 10^3
    } else if (run.equals("I") && to.isByStar()) {
      to.emit(Kind.NAME, "i"); // 2*I
    } else if (run.length() == 1) {
      to.emit(Kind.NAME, run);
    } else if ((run.equals("min") || run.equals("sec")) && to.followsNumber() && to.isAtEnd()) {
      to.emit(Kind.TEXT, run);
    } else if (lower.equals("and") || lower.equals("or")) {
      to.symbol(lower);
    } else if (CURRENCIES.contains(run) && to.isBeforeNumber()) {
      to.skipBlanks(); // USD 5
    } else if (run.equals("equals")) {
      to.symbol("=");
    } else if (run.equals("Matrix") && to.isBefore('(')) {
      to.skipBlanks(); // Matrix([[1, 2], [3, 4]])
    } else if (Symbols.PLAIN.contains(run)
        || lower.equals("infinity")
        || run.equals("Sqrt")
        || run.equals("Abs")) {
      to.emitCommand(lower);
    } else if (run.equals("union")) {
      to.symbol("∪");
    } else if (run.length() <= 4
        && run.endsWith("x")
        && Symbols.PLAIN.contains(run.substring(0, run.length() - 1))) {
      to.emitCommand(run.substring(0, run.length() - 1));
      to.emit(Kind.NAME, "x");
    } else if (SHORT.contains(lower) || (to.followsValue() && Unit.isKnown(run))) {
      to.emit(Kind.TEXT, run);
    } else if (to.followsNumber()
        && to.isSpaced()
        && to.isAtEnd()
        && run.equals(lower)
        && Texts.isWord(run)) {
      to.emit(Kind.TEXT, run); // 3 men
    } else if (run.length() <= 3 || (to.followsNumber() && !to.isSpaced() && run.length() <= 6)) {
      for (int k = 0; k < run.length(); k++) {
        to.emit(Kind.NAME, run.substring(k, k + 1));
      }
    } else {
      to.emit(Kind.TEXT, run);
    }
  }

  /** The contents of \text{}, \mathrm{}, \mathbf{} and the like. */
  static void emitText(String contents, boolean mathematics, Lexer to) {
    String text = contents.strip();
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.isEmpty()) {
      return;
    }
    if (RELATED.contains(lower)) {
      to.symbol(lower.equals("or") ? "or" : "and");
    } else if (isChoice(text)) {
      to.emit(Kind.TEXT, text);
    } else if (mathematics
        || text.indexOf('$') >= 0
        || text.indexOf('\\') >= 0
        || !hasLetter(text)) {
      to.emitNested(contents);
    } else if (Symbols.PLAIN.contains(text)
        || Functions.NAMES.contains(text)
        || text.equals("tr")) {
      to.emitCommand(text);
    } else if (text.length() == 1
        && (text.equals("e") || text.equals("i") || text.equals("d") || text.equals("T"))) {
      to.emit(Kind.NAME, text);
    } else if (isListOfLetters(lower)
        || Character.isDigit(text.charAt(0))
        || lower.startsWith("and ")
        || lower.startsWith("or ")
        || text.indexOf('=') > 0) {
      to.emitNested(contents);
    } else if (lower.endsWith(" and") && Unit.isKnown(text.substring(0, text.length() - 4))) {
      to.emit(Kind.TEXT, text.substring(0, text.length() - 4)); // 2 hours and 30 minutes
    } else {
      to.emit(Kind.TEXT, text);
    }
  }

  /** {@code A and C}. */
  private static boolean isListOfLetters(String lower) {
    List<String> parts = List.of(lower.split(", and |, or | and | or |,", -1));
    return parts.size() > 1 && parts.stream().allMatch(part -> part.strip().length() == 1);
  }

  /** {@code (A)}. */
  static boolean isChoice(String text) {
    return text.length() == 3
        && text.charAt(0) == '('
        && text.charAt(2) == ')'
        && Lexer.isAsciiLetter(text.charAt(1));
  }

  private static boolean hasLetter(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isLetter(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private Words() {}
}
