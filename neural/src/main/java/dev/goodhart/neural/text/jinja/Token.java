package dev.goodhart.neural.text.jinja;

/** A piece of a template. For strings the text is what the literal means. */
record Token(Kind kind, String text, int line) {
  enum Kind {
    TEXT,
    OUTPUT_BEGIN,
    OUTPUT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind kind, String text) {
    return this.kind == kind && this.text.equals(text);
  }

  @Override
  public String toString() {
    return kind == Kind.END ? "the end of the template" : "'" + text + "'";
  }
}
