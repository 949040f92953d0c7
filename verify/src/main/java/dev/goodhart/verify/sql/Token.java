package dev.goodhart.verify.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A token of SQL as SQLite reads it; comments and white space are none.
 *
 * @param text of a name or a text without its quotes, else as it stands
 * @param start its first character, counted from 0
 * @param end the character after its last
 */
record Token(Kind kind, String text, int start, int end) {
  enum Kind {
    /** A keyword or a name without quotes. */
    WORD,
    /** A name in double quotes, backticks or brackets. */
    QUOTED,
    /** In single quotes: a text, but SQLite also takes it as a name where only a name fits. */
    STRING,
    SYMBOL,
    /** A quote that is not closed. */
    OPEN
  }

  boolean is(String symbolOrKeyword) {
    return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equalsIgnoreCase(symbolOrKeyword);
  }

  /** Whether it can name a table, a column or a function. */
  boolean names() {
    return kind == Kind.WORD || kind == Kind.QUOTED || kind == Kind.STRING;
  }

  String lower() {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The tokens of a text, which need not be SQL. */
  static List<Token> of(String sql) {
    return of(sql, 0, false);
  }

  /** From a character on; to the first semicolon, if only one statement is wanted. */
  static List<Token> of(String sql, int from, boolean one) {
    List<Token> tokens = new ArrayList<>();
    for (int at = from; at < sql.length(); ) {
      char c = sql.charAt(at);
      int next = at + 1;
      if (c == '-' && sql.startsWith("--", at)) {
        int line = sql.indexOf('\n', at);
        at = line < 0 ? sql.length() : line;
        continue;
      }
      if (c == '/' && sql.startsWith("/*", at)) {
        int close = sql.indexOf("*/", at + 2);
        at = close < 0 ? sql.length() : close + 2;
        continue;
      }
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        at = next;
        continue;
      }
      if (c == '\'' || c == '"' || c == '`' || c == '[') {
        next = quoted(sql, at, tokens);
      } else if (wordPart(c)) {
        while (next < sql.length() && wordPart(sql.charAt(next))) {
          next++;
        }
        tokens.add(new Token(Kind.WORD, sql.substring(at, next), at, next));
      } else {
        tokens.add(new Token(Kind.SYMBOL, sql.substring(at, next), at, next));
        if (one && c == ';') {
          return tokens;
        }
      }
      at = next;
    }
    return tokens;
  }

  private static boolean wordPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '$'
        || c >= 0x80;
  }

  private static int quoted(String sql, int at, List<Token> tokens) {
    char open = sql.charAt(at);
    char close = open == '[' ? ']' : open;
    StringBuilder text = new StringBuilder();
    int from = at + 1;
    while (true) {
      int end = sql.indexOf(close, from);
      if (end < 0) {
        tokens.add(new Token(Kind.OPEN, sql.substring(at), at, sql.length()));
        return sql.length();
      }
      text.append(sql, from, end);
      from = end + 1;
      if (open == '[' || from >= sql.length() || sql.charAt(from) != close) {
        Kind kind = open == '\'' ? Kind.STRING : Kind.QUOTED;
        tokens.add(new Token(kind, text.toString(), at, from));
        return from;
      }
      text.append(close);
      from++;
    }
  }
}
