package dev.goodhart.data;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** What the good rows hold, one after the other. */
final class Flat<T> implements Cursor<T> {
  private final Entries entries;
  private final Function<Entry.Good, List<T>> parts;
  private Iterator<T> current = List.<T>of().iterator();

  Flat(Entries entries, Function<Entry.Good, List<T>> parts) {
    this.entries = entries;
    this.parts = parts;
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext() && entries.hasNext()) {
      if (entries.next() instanceof Entry.Good good) {
        current = parts.apply(good).iterator();
      }
    }
    return current.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return current.next();
  }

  @Override
  public void close() {
    entries.close();
  }
}
