package dev.goodhart.neural.text.jinja;

/** A function, macro, method, filter or test. */
@FunctionalInterface
interface Callable {
  Object call(Arguments arguments);
}
