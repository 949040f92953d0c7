package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Several values without a single exchange rate: the weights are known up to a range, and one
 * response is better than another only if every admissible weighting says so. For values that
 * people weigh differently, where a fixed weight would hide whose.
 *
 * <pre>{@code
 * W = { w : least_k <= w_k <= most_k,  sum_k w_k = 1 }
 * y over y'   iff  min_W w.(v(y) - v(y')) >= 0 and max_W w.(v(y) - v(y')) > 0
 * R = w0.v,  w0 inside W                  middle: the best of any set is one that nothing is over
 *   = min_W w.v                           worst: no admissible weighting gives less
 * deviation of R = (max_W w.v - min_W w.v) / sqrt(12)
 * }</pre>
 *
 * <p>w0 takes the same part of the way from least to most for each value. The order leaves pairs
 * undecided; {@link #choose} says what to do about them: keep what is held, take what is offered,
 * ask, or toss a coin. Whether that can be exploited is {@link dev.goodhart.audit.MoneyPump}'s
 * question. A wide W leaves almost everything undecided: look at {@link #comparable} on your own
 * data first. Minimum and maximum over W are those of a fractional knapsack, exact, with no corner
 * enumerated.
 *
 * <p>The values must be on scales that weights make sense on; transform them first. Unscored as
 * soon as one value is. An operational reading of a position paper, not its own algorithm: arXiv
 * 2408.16984.
 *
 * @param weights the range of each signal's weight; the sum of least ones at most 1, of the most at
 *     least 1
 * @param value {@code middle} or {@code worst}
 */
@Method(id = 168, source = "arXiv 2408.16984")
public record AdmissibleWeights(Map<String, Range> weights, @Default("middle") Value value)
    implements Combine {
  /** What a single number is made of an interval. */
  public enum Value {
    MIDDLE,
    WORST
  }

  /** How one option stands to another. */
  public enum Order {
    OVER,
    UNDER,
    EQUAL,
    UNDECIDED
  }

  /** What becomes of an undecided swap. */
  public enum Tie {
    KEEP,
    TAKE,
    ASK,
    RANDOM
  }

  /**
   * What a weight may be.
   *
   * @param least in [0, 1]
   * @param most at least {@code least}, at most 1
   */
  public record Range(@Default("0") double least, @Default("1") double most) {
    public Range {
      if (!(least >= 0 && least <= most && most <= 1)) {
        throw new IllegalArgumentException(
            "a weight's range must lie in [0, 1], not [%s, %s]".formatted(least, most));
      }
    }
  }

  private static final double ROUNDING = 1e-12;

  public AdmissibleWeights {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    double least = weights.values().stream().mapToDouble(Range::least).sum();
    double most = weights.values().stream().mapToDouble(Range::most).sum();
    if (weights.isEmpty() || least > 1 + ROUNDING || most < 1 - ROUNDING) {
      throw new IllegalArgumentException(
          "weights must leave room for a sum of 1: the least sum to %s, the most to %s"
              .formatted(least, most));
    }
  }

  /** The least that any admissible weighting gives, of values in the order of the weights. */
  public double least(double[] values) {
    return -most(Arrays.stream(values).map(v -> -v).toArray());
  }

  /** The most that any admissible weighting gives. */
  public double most(double[] values) {
    Range[] ranges = ranges();
    if (values.length != ranges.length) {
      throw new IllegalArgumentException(
          "expected %d values, not %d".formatted(ranges.length, values.length));
    }
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((i, j) -> Double.compare(values[j], values[i]))
            .mapToInt(i -> i)
            .toArray();
    double left = 1 - weights.values().stream().mapToDouble(Range::least).sum();
    double sum = 0;
    for (int k : order) {
      double more = Math.min(Math.max(0, left), ranges[k].most() - ranges[k].least());
      sum += (ranges[k].least() + more) * values[k];
      left -= more;
    }
    return sum;
  }

  /** By w0, which every value has a part in that its range allows. */
  public double middle(double[] values) {
    Range[] ranges = ranges();
    double least = Arrays.stream(ranges).mapToDouble(Range::least).sum();
    double most = Arrays.stream(ranges).mapToDouble(Range::most).sum();
    double way = most > least ? (1 - least) / (most - least) : 0;
    double sum = 0;
    for (int k = 0; k < ranges.length; k++) {
      sum += (ranges[k].least() + way * (ranges[k].most() - ranges[k].least())) * values[k];
    }
    return sum;
  }

  /** How {@code one} stands to {@code other}, values in the order of the weights. */
  public Order order(double[] one, double[] other) {
    double[] gap = IntStream.range(0, one.length).mapToDouble(k -> one[k] - other[k]).toArray();
    double slack = ROUNDING * Arrays.stream(gap).map(Math::abs).max().orElse(0);
    double low = least(gap);
    double high = most(gap);
    if (low >= -slack && high > slack) return Order.OVER;
    if (high <= slack && low < -slack) return Order.UNDER;
    return low >= -slack ? Order.EQUAL : Order.UNDECIDED;
  }

  /** The options that no other is over, {@code [option][value]}; never empty. */
  public int[] undominated(double[][] options) {
    return IntStream.range(0, options.length)
        .filter(y -> Arrays.stream(options).noneMatch(o -> order(o, options[y]) == Order.OVER))
        .toArray();
  }

  /** The share of pairs of options that are decided. */
  public double comparable(double[][] options) {
    double decided = 0;
    for (int i = 0; i < options.length; i++) {
      for (int j = 0; j < i; j++) {
        decided += order(options[i], options[j]) == Order.UNDECIDED ? 0 : 1;
      }
    }
    return decided / (options.length * (options.length - 1) / 2.0);
  }

  /**
   * An option that no other is over.
   *
   * @param held the option of now, which {@code KEEP} prefers
   * @return empty where {@code ASK} has something to ask
   */
  public OptionalInt choose(double[][] options, int held, Tie tie, SplittableRandom random) {
    int[] best = undominated(options);
    boolean holds = Arrays.stream(best).anyMatch(y -> y == held);
    if (best.length == 1) return OptionalInt.of(best[0]);
    return switch (tie) {
      case KEEP -> OptionalInt.of(holds ? held : best[0]);
      case TAKE -> Arrays.stream(best).filter(y -> y != held).findFirst();
      case RANDOM -> OptionalInt.of(best[random.nextInt(best.length)]);
      case ASK -> OptionalInt.empty();
    };
  }

  private Range[] ranges() {
    return weights.values().toArray(Range[]::new);
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    double[] values = new double[weights.size()];
    int k = 0;
    for (String name : weights.keySet()) {
      switch (Objects.requireNonNull(parts.get(name), name)) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored part -> values[k++] = part.value();
      }
    }
    double low = least(values);
    double width = Math.max(0, most(values) - low);
    return new Scored(value == Value.WORST ? low : middle(values), width / Math.sqrt(12));
  }

  @Override
  public Set<String> parts() {
    return weights.keySet();
  }
}
