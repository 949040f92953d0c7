package dev.goodhart.neural.text.jinja;

/** Python's None. */
enum None {
  NONE
}
