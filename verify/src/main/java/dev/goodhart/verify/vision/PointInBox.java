package dev.goodhart.verify.vision;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import dev.goodhart.verify.text.Within;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether the point that a response names lies in a true box: 1 if it does, its edge included, else
 * 0. For clicks on a screen and for pointing.
 *
 * <p>The point is the last {@code (x, y)}, {@code [x, y]} or {@code <point x="…" y="…">}; where
 * there is none, the centre of the last box. Part {@code found}: whether there was either.
 *
 * <p>Unscored without a reference that has an area.
 *
 * @param format what the four numbers of a box are
 * @param within which part of the response is looked at
 * @param column that holds the true boxes; the sample's reference if it is not given
 */
@Method
public record PointInBox(
    @Default("xyxy") BoxFormat format, @Default("response") Within within, Optional<String> column)
    implements Verifier {

  /** Of corners, in the whole response. */
  public PointInBox() {
    this(BoxFormat.XYXY, Within.RESPONSE, Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample,
        column,
        format,
        false,
        references -> {
          Optional<double[]> point = Places.point(within.of(sample.response()), format);
          boolean hit =
              point.isPresent()
                  && references.stream().anyMatch(b -> b.contains(point.get()[0], point.get()[1]));
          return new Scored(
              hit ? 1 : 0,
              OptionalDouble.empty(),
              Map.of("found", Reward.of(point.isPresent() ? 1 : 0)));
        });
  }
}
