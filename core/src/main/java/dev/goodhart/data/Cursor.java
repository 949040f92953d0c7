package dev.goodhart.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Things read one after the other from a file that stays open meanwhile. Close it when you stop
 * early too.
 */
public interface Cursor<T> extends Iterator<T>, AutoCloseable {
  @Override
  void close();

  /** All that is left, read into memory; closes the cursor. */
  default List<T> toList() {
    try (this) {
      List<T> all = new ArrayList<>();
      forEachRemaining(all::add);
      return all;
    }
  }
}
