package dev.goodhart.data.inspect;

import java.util.List;

/**
 * One question asked of a data file. It sees every example once, in order, and keeps a bounded
 * memory of them.
 */
interface Look {
  void see(Item item);

  /** What it found, when all was seen; nothing where the question makes no sense for the file. */
  List<Observation> observations();
}
