package dev.goodhart.report;

/** A dashed line to compare with: chance, the ceiling, perfect calibration. */
public sealed interface Reference {
  String name();

  /** A constant on the value axis. */
  record Level(String name, double value) implements Reference {}

  /** Where both axes agree. */
  record Diagonal(String name) implements Reference {}
}
