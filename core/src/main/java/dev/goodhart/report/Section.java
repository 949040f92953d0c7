package dev.goodhart.report;

import java.util.List;

/** A heading with what stands below it. */
public record Section(String heading, List<Block> blocks) {
  public Section {
    blocks = List.copyOf(blocks);
  }

  public static Section of(String heading, Block... blocks) {
    return new Section(heading, List.of(blocks));
  }
}
