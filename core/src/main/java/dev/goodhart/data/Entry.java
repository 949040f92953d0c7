package dev.goodhart.data;

import java.util.List;

/**
 * One row of a data set: what it says, or what is wrong with it. There is exactly one a row, in the
 * file's order.
 */
public sealed interface Entry permits Entry.Good, Entry.Bad {
  /** The row's number in the file, from 1; bad rows count. */
  long number();

  /** The row's own id where it has one, else its number. */
  String id();

  /** A row that could be used. */
  record Good(long number, String id, Row row, List<Example> examples) implements Entry {}

  /** A row that could not. */
  record Bad(long number, String id, BadRow bad) implements Entry {}
}
