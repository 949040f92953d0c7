package dev.goodhart.neural.text.jinja;

import dev.goodhart.neural.text.jinja.Token.Kind;
import java.util.List;

/** The tokens of a template as a parser walks through them. */
final class Tokens {
  private static final int DEEPEST = 100;

  private final List<Token> tokens;
  private int at;
  private int depth;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) at++;
    return token;
  }

  boolean isName(String name) {
    return peek().is(Kind.NAME, name);
  }

  boolean isOperator(String operator) {
    return peek().is(Kind.OPERATOR, operator);
  }

  boolean takeName(String name) {
    boolean there = isName(name);
    if (there) next();
    return there;
  }

  boolean takeOperator(String operator) {
    boolean there = isOperator(operator);
    if (there) next();
    return there;
  }

  void expectOperator(String operator) {
    if (!takeOperator(operator)) throw unexpected("'" + operator + "'");
  }

  Token expect(Kind kind, String what) {
    if (peek().kind() != kind) throw unexpected(what);
    return next();
  }

  String name() {
    return expect(Kind.NAME, "a name").text();
  }

  JinjaException unexpected(String expected) {
    return JinjaException.at(peek().line(), "expected " + expected + ", found " + peek());
  }

  /** Nesting is bounded, since parsing and rendering it uses the stack. */
  void enter() {
    if (++depth > DEEPEST) throw JinjaException.at(peek().line(), "is nested too deeply");
  }

  void leave() {
    depth--;
  }
}
