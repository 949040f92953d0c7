package dev.goodhart.verify.math;

/**
 * One piece of a formula.
 *
 * @param text the digits of a number, the letters of a name, a command's canonical name, or a
 *     symbol
 * @param spaced whether white space stood before it
 * @param number the value of a number, zero otherwise
 */
record Token(Kind kind, String text, boolean spaced, Expr.Num number) {
  enum Kind {
    NUMBER,
    /** A run of letters, not yet decided whether variables, a unit or a word. */
    NAME,
    /** A LaTeX command or the name of a function, in its canonical spelling. */
    COMMAND,
    SYMBOL,
    /** What stood in \text{} and the like, stripped. */
    TEXT,
    BEGIN,
    FINISH,
    END
  }

  static Token of(Kind kind, String text, boolean spaced) {
    return new Token(kind, text, spaced, Expr.ZERO);
  }

  boolean is(String symbol) {
    return (kind == Kind.SYMBOL) && text.equals(symbol);
  }

  boolean isCommand(String name) {
    return kind == Kind.COMMAND && text.equals(name);
  }

  char symbol() {
    return kind == Kind.SYMBOL ? text.charAt(0) : 0;
  }
}
