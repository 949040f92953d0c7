package dev.goodhart.verify.vision;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Optional;

/** Whether a sample has true boxes to compare with, and a text of a size that can be read. */
final class Compared {
  private static final int LONGEST = 4 << 20;

  private Compared() {}

  interface Verdict {
    Reward of(List<Box> references);
  }

  static Reward of(
      Sample sample, Optional<String> column, BoxFormat format, boolean labels, Verdict verdict) {
    if (sample.response().length() > LONGEST) {
      return Reward.unscored(
          "too long: the response has " + sample.response().length() + " characters");
    }
    List<Box> references = Places.references(sample, column, format, labels);
    if (references.isEmpty()) {
      return Reward.unscored(
          "no reference: "
              + column.map(c -> "column '" + c + "'").orElse("the sample's reference")
              + " holds no box");
    }
    for (Box box : references) {
      if (!box.isProper()) {
        return Reward.unscored("no reference: a box without area, " + box);
      }
    }
    return verdict.of(references);
  }
}
