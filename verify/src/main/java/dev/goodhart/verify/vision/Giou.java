package dev.goodhart.verify.vision;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import dev.goodhart.verify.text.Within;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Like {@code iou}, and still a slope where the boxes do not touch: IoU − (C − U) / C, with U the
 * area of the union and C that of the smallest box around both, in (−1, 1].
 *
 * <p>The response's box is its last; of several references the best counts. Without a box, or with
 * one that has no area, it is −1. Part {@code found}: whether there was one.
 *
 * <p>Unscored without a reference that has an area.
 *
 * @param format what the four numbers are, on both sides
 * @param threshold where it is given, 1 for a GIoU of at least that and else 0
 * @param within which part of the response is looked at
 * @param column that holds the true box; the sample's reference if it is not given
 */
@Method(source = "Rezatofighi et al. 2019, arXiv 1902.09630")
public record Giou(
    @Default("xyxy") BoxFormat format,
    OptionalDouble threshold,
    @Default("response") Within within,
    Optional<String> column)
    implements Verifier {

  public Giou {
    if (!(threshold.orElse(0) >= -1 && threshold.orElse(0) <= 1)) {
      throw new IllegalArgumentException(
          "threshold: expected -1 to 1, found " + threshold.getAsDouble());
    }
  }

  /** Of corners, in the whole response. */
  public Giou() {
    this(BoxFormat.XYXY, OptionalDouble.empty(), Within.RESPONSE, Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample,
        column,
        format,
        false,
        references -> {
          List<Box> given = Places.boxes(within.of(sample.response()), format, false).boxes();
          double best =
              given.isEmpty()
                  ? -1
                  : references.stream().mapToDouble(given.getLast()::giou).max().orElse(-1);
          double value = threshold.isPresent() ? (best >= threshold.getAsDouble() ? 1 : 0) : best;
          return new Scored(
              value, OptionalDouble.empty(), Map.of("found", Reward.of(given.isEmpty() ? 0 : 1)));
        });
  }
}
