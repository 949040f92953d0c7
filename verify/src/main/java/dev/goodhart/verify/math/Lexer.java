package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts LaTeX, Unicode and plain mathematics into the same tokens, in one pass without going back.
 * What only changes the looks is dropped here; words, units and functions are told apart as far as
 * that needs no grammar.
 */
final class Lexer {
  static final int MAX_LENGTH = 20_000;
  private static final int MAX_NESTED_TEXT = 20;

  /** How a comma between two digits is read. */
  enum Commas {
    /** {@code 1,234} is one number, {@code 1,23} two. */
    GROUP,
    /** Each stands between two elements. */
    LIST,
    /** {@code 1,23} is a decimal. */
    DECIMAL
  }

  private final String s;
  private final Commas commas;
  private final int nesting;
  private final List<Token> out;
  private final NumberScanner numbers;
  private int i;
  private int brackets;
  private boolean spaced;

  private Lexer(String s, Commas commas, int nesting, List<Token> out) {
    this.s = s;
    this.commas = commas;
    this.nesting = nesting;
    this.out = out;
    this.numbers = new NumberScanner(s, commas);
  }

  static List<Token> tokens(String text, Commas commas) {
    if (text.length() > MAX_LENGTH) {
      throw new TooLarge("a formula of " + text.length() + " characters");
    }
    List<Token> out = new ArrayList<>();
    new Lexer(text, commas, 0, out).run();
    out.add(Token.of(Kind.END, "", false));
    return out;
  }

  private void run() {
    while (i < s.length()) {
      char c = s.charAt(i);
      if (Character.isWhitespace(c)
          || c == '~'
          || c == '\u00a0'
          || c == '\u200b'
          || c == '\u2009'
          || c == '\u202f') {
        spaced = true;
        i++;
      } else if (isDigit(c) || (c == '.' && i + 1 < s.length() && isDigit(s.charAt(i + 1)))) {
        out.add(numbers.scan(i, brackets, takeSpaced()));
        i = numbers.end();
      } else if (c == '\\') {
        command();
      } else if (c == '$' || c == '£' || c == '€' || c == '₹' || c == '¥') {
        i++; // a delimiter or a currency: either way not part of the value
      } else if (isAsciiLetter(c)) {
        name();
      } else if (c == '*' && i + 1 < s.length() && s.charAt(i + 1) == '*') {
        i += 2;
        symbol("^");
      } else if (c == ':' && i + 1 < s.length() && s.charAt(i + 1) == '=') {
        i += 2;
        symbol("=");
      } else if ((c == '<' || c == '>' || c == '!' || c == '=')
          && i + 1 < s.length()
          && s.charAt(i + 1) == '=') {
        i += 2;
        symbol(c == '<' ? "≤" : c == '>' ? "≥" : c == '!' ? "≠" : "=");
      } else if (c == '=' && i + 1 < s.length() && s.charAt(i + 1) == '>') {
        i += 2;
        symbol("⇒");
      } else if (c == '-' && i + 1 < s.length() && s.charAt(i + 1) == '>') {
        i += 2;
        symbol("→");
      } else if (c == '.' && s.startsWith("...", i)) {
        i += 3;
        symbol("…");
      } else if (c == '+' && i + 2 < s.length() && s.startsWith("+/-", i)) {
        i += 3;
        symbol("±");
      } else if (c == '.') {
        i++; // the end of a sentence
      } else if (c == '`' || c == '"' || c == '“' || c == '”' || c == '?' || c == '#') {
        i++;
      } else {
        other(c);
      }
    }
  }

  private void other(char c) {
    String canonical = Symbols.character(c);
    if (!canonical.isEmpty()) {
      i++;
      if (canonical.charAt(0) == '\\') {
        emitCommand(canonical.substring(1));
      } else if (canonical.equals("l")) {
        emit(Kind.NAME, "l");
      } else if (!canonical.equals(".")) {
        for (int k = 0; k < canonical.length(); k++) {
          symbol(canonical.substring(k, k + 1));
        }
      }
    } else if (Symbols.SYMBOLS.indexOf(c) >= 0) {
      i++;
      symbol(String.valueOf(c));
    } else if (Symbols.superscript(c) != 0) {
      script("^");
    } else if (Symbols.subscript(c) != 0) {
      script("_");
    } else if (!Symbols.vulgar(c).isZero()) {
      i++;
      out.add(
          new Token(Kind.NUMBER, String.valueOf(c), takeSpaced(), Expr.number(Symbols.vulgar(c))));
    } else if (Character.isLetter(c)) {
      int from = i;
      while (i < s.length()
          && Character.isLetter(s.charAt(i))
          && Symbols.character(s.charAt(i)).isEmpty()) {
        i++;
      }
      emit(Kind.TEXT, s.substring(from, i));
    } else {
      i++; // anything else (emoji, control characters) says nothing
    }
  }

  /** Superscript or subscript characters: {@code x²}, {@code log₂}. */
  private void script(String operator) {
    StringBuilder script = new StringBuilder();
    while (i < s.length()) {
      char c =
          operator.equals("^") ? Symbols.superscript(s.charAt(i)) : Symbols.subscript(s.charAt(i));
      if (c == 0) {
        break;
      }
      script.append(c);
      i++;
    }
    symbol(operator);
    symbol("{");
    nested(script.toString());
    symbol("}");
  }

  private void nested(String text) {
    if (nesting >= MAX_NESTED_TEXT) {
      throw new TooLarge("text nested too deep");
    }
    Lexer inner = new Lexer(text, commas, nesting + 1, out);
    inner.brackets = brackets;
    inner.spaced = spaced;
    inner.run();
    brackets = inner.brackets;
    spaced = false;
  }

  private void name() {
    int from = i;
    while (i < s.length() && isAsciiLetter(s.charAt(i))) {
      i++;
    }
    Words.emit(s.substring(from, i), this);
  }

  private void command() {
    i++;
    if (i >= s.length()) {
      return;
    }
    char c = s.charAt(i);
    if (!isAsciiLetter(c)) {
      i++;
      switch (c) {
        case '{' -> symbol("⦃");
        case '}' -> symbol("⦄");
        case '|' -> symbol("‖");
        case '%' -> symbol("%");
        case '\\' -> symbol("⏎");
        case '$' -> symbol("＄");
        case '(', ')', '[', ']' -> spaced = true; // delimiters of a formula
        default -> spaced = true; // \, \; \! \$ and the like
      }
      return;
    }
    int from = i;
    while (i < s.length() && isAsciiLetter(s.charAt(i))) {
      i++;
    }
    String name = s.substring(from, i);
    if (i < s.length() && s.charAt(i) == '*') {
      i++;
    }
    if (Symbols.INVISIBLE.contains(name) || name.equals("fbox")) {
      spaced = true;
      if (name.endsWith("quad") && isBetweenFormulas()) {
        symbol(",");
      }
      if ((name.equals("left") || name.equals("right")) && i < s.length() && s.charAt(i) == '.') {
        i++;
      }
    } else if (Symbols.WITH_ARGUMENT_DROPPED.contains(name)) {
      argument();
      spaced = true;
    } else if (name.equals("mathbf") && (s.startsWith("{R}", i) || s.startsWith("{Z}", i))) {
      blackboard(argument());
    } else if (Symbols.TEXTUAL.contains(name)) {
      Words.emitText(argument(), Symbols.STYLED_MATH.contains(name), this);
    } else if (name.equals("mathbb") || name.equals("Bbb")) {
      blackboard(argument().strip());
    } else if (name.equals("begin")) {
      emit(Kind.BEGIN, argument().strip());
      if (out.getLast().text().equals("array")) {
        argument();
      }
    } else if (name.equals("end")) {
      emit(Kind.FINISH, argument().strip());
    } else {
      emitCommand(name);
    }
  }

  private void blackboard(String letter) {
    switch (letter) {
      case "R" -> emitCommand("Reals");
      case "Z" -> emitCommand("Integers");
      case "N" -> emitCommand("Naturals");
      case "Q" -> emitCommand("Rationals");
      case "C" -> emitCommand("Complexes");
      default -> nested(letter);
    }
  }

  /**
   * The argument that follows: a balanced group, or one character; to the end of the text when it
   * is not closed.
   */
  private String argument() {
    while (i < s.length() && s.charAt(i) == ' ') {
      i++;
    }
    if (i >= s.length()) {
      return "";
    }
    if (s.charAt(i) != '{') {
      return s.charAt(i) == '\\' ? "" : s.substring(i, ++i);
    }
    int close = Braces.closing(s, i);
    String inside = s.substring(i + 1, close < 0 ? s.length() : close);
    i = close < 0 ? s.length() : close + 1;
    return inside;
  }

  void emitCommand(String name) {
    String operator = Symbols.OPERATORS.get(name);
    if (operator != null) {
      symbol(operator);
    } else {
      emit(Kind.COMMAND, Symbols.ALIASES.getOrDefault(name, name));
    }
  }

  void emitNested(String text) {
    nested(text);
  }

  void emit(Kind kind, String text) {
    out.add(Token.of(kind, text, takeSpaced()));
  }

  void symbol(String symbol) {
    switch (symbol) {
      case "(", "[", "⦃", "⟨" -> brackets++;
      case ")", "]", "⦄", "⟩" -> brackets = Math.max(0, brackets - 1);
      default -> {}
    }
    emit(Kind.SYMBOL, symbol);
  }

  boolean followsNumber() {
    return !out.isEmpty() && out.getLast().kind() == Kind.NUMBER;
  }

  boolean followsValue() {
    if (out.isEmpty()) {
      return false;
    }
    Token last = out.getLast();
    return last.kind() == Kind.NUMBER
        || last.kind() == Kind.TEXT
        || last.is(")")
        || last.is("}")
        || last.is("/")
        || last.isCommand("pi");
  }

  /** Whether wide space stands between two formulas, so that it separates them. */
  private boolean isBetweenFormulas() {
    int at = i;
    while (at < s.length() && s.charAt(at) == ' ') {
      at++;
    }
    if (at >= s.length() || out.isEmpty()) {
      return false;
    }
    Token last = out.getLast();
    boolean value =
        last.kind() == Kind.NUMBER
            || last.kind() == Kind.NAME
            || last.is("}")
            || last.is(")")
            || last.is("]")
            || last.is("⦄");
    boolean formula =
        isDigit(s.charAt(at))
            || (isAsciiLetter(s.charAt(at)) && !s.startsWith("and", at) && !s.startsWith("or", at));
    return value && formula;
  }

  boolean isBeforePowerOfTen() {
    int at = i;
    while (at < s.length() && s.charAt(at) == ' ') {
      at++;
    }
    return s.startsWith("10^", at)
        || (s.startsWith("10", at)
            && at + 2 < s.length()
            && Symbols.superscript(s.charAt(at + 2)) != 0);
  }

  /** Whether nothing but punctuation and remarks in brackets can follow. */
  boolean isAtEnd() {
    int at = i;
    while (at < s.length() && s.charAt(at) == ' ') {
      at++;
    }
    return at >= s.length() || ",;.}$".indexOf(s.charAt(at)) >= 0;
  }

  /** Whether the run of letters that was just read is a factor of a product with a star. */
  boolean isByStar() {
    return (!out.isEmpty() && out.getLast().is("*")) || isBefore('*');
  }

  boolean isBefore(char c) {
    int at = i;
    while (at < s.length() && s.charAt(at) == ' ') {
      at++;
    }
    return at < s.length() && s.charAt(at) == c;
  }

  boolean isBeforeNumber() {
    int at = i;
    while (at < s.length() && " .~$\\".indexOf(s.charAt(at)) >= 0) {
      at++;
    }
    return out.isEmpty() && at < s.length() && isDigit(s.charAt(at));
  }

  void skipBlanks() {
    spaced = true;
  }

  boolean isSpaced() {
    return spaced;
  }

  private boolean takeSpaced() {
    boolean was = spaced;
    spaced = false;
    return was;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
