package dev.goodhart.neural.text.jinja;

/** What a name stands for that nobody gave a value: empty as text, false, without elements. */
record Undefined(String name) {}
