package dev.goodhart.verify.vision;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import dev.goodhart.verify.text.Within;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How many of the true boxes a response finds, and how many of its own are true: the F1 of matched
 * boxes, in [0, 1]. For detection of several things.
 *
 * <p>F1 = 2 m / (g + t) with m the most pairs of one given and one true box whose IoU reaches the
 * threshold, no box in two pairs, g the given and t the true boxes. A box given twice is wrong
 * once. The parts are {@code precision} m / g, {@code recall} m / t and {@code matched} m.
 *
 * <p>Unscored without references that have an area.
 *
 * @param threshold from which IoU on two boxes may be a pair
 * @param format what the four numbers are, on both sides
 * @param labels whether a pair must also have the same label (in JSON: {@code label}, {@code
 *     class}, {@code category} or {@code name} beside the box), in any case
 * @param within which part of the response is looked at
 * @param column that holds the true boxes; the sample's reference if it is not given
 */
@Method(name = "boxes-f1")
public record BoxesF1(
    @Default("0.5") double threshold,
    @Default("xyxy") BoxFormat format,
    @Default("false") boolean labels,
    @Default("response") Within within,
    Optional<String> column)
    implements Verifier {

  public BoxesF1 {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold: expected above 0 up to 1, found " + threshold);
    }
  }

  /** Of corners at an IoU of 0.5. */
  public BoxesF1() {
    this(0.5, BoxFormat.XYXY, false, Within.RESPONSE, Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample,
        column,
        format,
        labels,
        references -> {
          Places.Found given = Places.boxes(within.of(sample.response()), format, labels);
          int matched = pairs(references, given.boxes());
          Map<String, Reward> parts = new LinkedHashMap<>();
          parts.put(
              "precision", Reward.of(given.count() == 0 ? 0 : (double) matched / given.count()));
          parts.put("recall", Reward.of((double) matched / references.size()));
          parts.put("matched", Reward.of(matched));
          return new Scored(
              2.0 * matched / (given.count() + references.size()), OptionalDouble.empty(), parts);
        });
  }

  /**
   * The size of a largest matching, by augmenting paths (Kuhn): each true box in turn looks for a
   * given one, and may ask the owner of a taken one to look for another.
   */
  private int pairs(List<Box> references, List<Box> given) {
    boolean[][] fits = new boolean[references.size()][given.size()];
    for (int i = 0; i < references.size(); i++) {
      Box reference = references.get(i);
      for (int j = 0; j < given.size(); j++) {
        Box box = given.get(j);
        fits[i][j] =
            (!labels || box.label().equals(reference.label())) && box.iou(reference) >= threshold;
      }
    }
    int[] owner = new int[given.size()];
    Arrays.fill(owner, -1);
    int pairs = 0;
    for (int i = 0; i < references.size(); i++) {
      pairs += finds(i, fits, owner, new boolean[given.size()]) ? 1 : 0;
    }
    return pairs;
  }

  private static boolean finds(int reference, boolean[][] fits, int[] owner, boolean[] asked) {
    for (int j = 0; j < owner.length; j++) {
      if (fits[reference][j] && !asked[j]) {
        asked[j] = true;
        if (owner[j] < 0 || finds(owner[j], fits, owner, asked)) {
          owner[j] = reference;
          return true;
        }
      }
    }
    return false;
  }
}
