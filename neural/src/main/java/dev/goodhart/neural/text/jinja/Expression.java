package dev.goodhart.neural.text.jinja;

/** A parsed expression, ready to be evaluated. */
@FunctionalInterface
interface Expression {
  Object in(Scope scope);
}
