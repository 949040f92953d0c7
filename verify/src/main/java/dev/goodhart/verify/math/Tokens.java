package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The tokens of a formula with a place in them; environments that only align are already taken out.
 */
final class Tokens {
  static final int MAX_DEPTH = 100;

  private static final Set<String> GRIDS =
      Set.of(
          "matrix",
          "pmatrix",
          "bmatrix",
          "Bmatrix",
          "vmatrix",
          "Vmatrix",
          "smallmatrix",
          "array",
          "cases",
          "dcases",
          "rcases");

  private final List<Token> tokens;
  private int at;
  private int depth;

  Tokens(List<Token> all) {
    List<Token> kept = new ArrayList<>(all.size());
    Deque<String> open = new ArrayDeque<>();
    for (Token token : all) {
      switch (token.kind()) {
        case BEGIN -> {
          open.push(token.text());
          if (GRIDS.contains(plain(token.text()))) {
            kept.add(token);
          }
        }
        case FINISH -> {
          if (!open.isEmpty()) {
            open.pop();
          }
          if (GRIDS.contains(plain(token.text()))) {
            kept.add(token);
          }
        }
        case SYMBOL -> {
          boolean grid = !open.isEmpty() && GRIDS.contains(plain(open.peek()));
          if (!token.is("&") || grid) {
            kept.add(token);
          }
        }
        default -> kept.add(token);
      }
    }
    tokens = kept;
  }

  static String plain(String environment) {
    return environment.endsWith("*")
        ? environment.substring(0, environment.length() - 1)
        : environment;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.clamp(at + ahead, 0, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  /** Puts a symbol in the place of the next token. */
  void replace(String symbol) {
    tokens.set(at, Token.of(Kind.SYMBOL, symbol, peek().spaced()));
  }

  boolean accept(String symbol) {
    if (peek().is(symbol)) {
      next();
      return true;
    }
    return false;
  }

  void expect(String symbol) {
    if (!accept(symbol)) {
      throw new Unreadable("expected " + symbol + " before '" + peek().text() + "'");
    }
  }

  boolean isEnd() {
    return peek().kind() == Kind.END;
  }

  void skipToEnd() {
    at = tokens.size() - 1;
  }

  int mark() {
    return at;
  }

  void reset(int mark) {
    at = mark;
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new TooLarge("nested deeper than " + MAX_DEPTH);
    }
  }

  void leave() {
    depth--;
  }

  /**
   * The offset from here of the bracket that closes the one at {@code ahead}; -1 when there is
   * none.
   */
  int closing(int ahead) {
    int open = 0;
    for (int k = at + ahead; k < tokens.size(); k++) {
      Token token = tokens.get(k);
      if (token.is("(") || token.is("[") || token.is("{") || token.is("⦃")) {
        open++;
      } else if (token.is(")") || token.is("]") || token.is("}") || token.is("⦄")) {
        if (--open == 0) {
          return k - at;
        }
      }
    }
    return -1;
  }
}
