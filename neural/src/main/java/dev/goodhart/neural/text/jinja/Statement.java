package dev.goodhart.neural.text.jinja;

/** A parsed piece of a template, ready to be run. */
@FunctionalInterface
interface Statement {
  /** What a loop around does next. */
  enum Flow {
    NEXT,
    CONTINUE,
    BREAK
  }

  Flow run(Scope scope, Output output);
}
