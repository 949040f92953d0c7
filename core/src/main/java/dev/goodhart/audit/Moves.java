package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far each {@link Measure} of a run has moved from where the run began, in units of its own
 * noise, so that they can be put together:
 *
 * <pre>{@code
 * move = (mean of the last window steps - mean of the first baseline) / s
 * s² = variance over the first steps + grain²
 * }</pre>
 *
 * <p>A move is an up or a down; each enters by {@code asinh(move / 3)}: like a logarithm from three
 * deviations on, so that one measure that has gone far does not silence the others, and nearly
 * nothing within the noise.
 *
 * <p>Besides the measures there are {@code words}, the divergence of the tokens from those of the
 * first steps ({@link ReferenceDistance}), {@code word-pairs}, the same of pairs of tokens in a
 * row, and {@code parts-apart}: how far one part of the reward went up and another one down, the
 * lesser of the two ({@link PartDivergence}).
 */
public final class Moves {
  private final int baseline;
  private final int window;
  private final Map<Measure, Way> ways = new LinkedHashMap<>();
  private final Map<String, Way> parts = new LinkedHashMap<>();
  private final TokenDistances ofWords;
  private final TokenDistances ofPairs;
  private final Way words;
  private final Way wordPairs;

  /**
   * @param baseline how many steps the run begins with, at least 2
   * @param window how many steps are averaged, at least 1
   */
  public Moves(int baseline, int window) {
    StepBaseline.check(baseline, window, 1, "");
    this.baseline = baseline;
    this.window = window;
    for (Measure measure : Measure.values()) ways.put(measure, new Way(measure.grain));
    ofWords = new TokenDistances(baseline, 1);
    ofPairs = new TokenDistances(baseline, 2);
    words = new Way(0.005);
    wordPairs = new Way(0.005);
  }

  /** The names of all moves: {@code length-up}, {@code length-down}, .... */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Measure measure : Measure.values()) {
      names.add(measure.key + "-up");
      names.add(measure.key + "-down");
    }
    names.add("words");
    names.add("word-pairs");
    names.add("parts-apart");
    return names;
  }

  /**
   * Adds a step.
   *
   * @return every move by name, each at least 0; all 0 until the first steps and a window after
   *     them are over, and for a measure that the run does not have
   */
  public Map<String, Double> step(List<Sample> samples, List<Reward> rewards) {
    Map<String, Double> moves = new LinkedHashMap<>();
    ways.forEach(
        (measure, way) -> {
          way.add(measure.of(samples, rewards));
          double moved = way.moved();
          moves.put(measure.key + "-up", squashed(Math.max(0, moved)));
          moves.put(measure.key + "-down", squashed(Math.max(0, -moved)));
        });
    for (double distance : ofWords.add(samples)) words.add(distance);
    for (double distance : ofPairs.add(samples)) wordPairs.add(distance);
    moves.put("words", squashed(Math.max(0, words.moved())));
    moves.put("word-pairs", squashed(Math.max(0, wordPairs.moved())));
    PartValues.parts(rewards)
        .forEach(
            (name, values) ->
                parts.computeIfAbsent(name, n -> new Way(0.01)).add(PartValues.mean(values)));
    double up = 0;
    double down = 0;
    for (Way way : parts.values()) {
      up = Math.max(up, way.moved());
      down = Math.max(down, -way.moved());
    }
    moves.put("parts-apart", squashed(Math.min(up, down)));
    return moves;
  }

  private static double squashed(double move) {
    double x = move / 3;
    return Math.log(x + Math.sqrt(x * x + 1)); // asinh
  }

  /** One figure's way. */
  private final class Way {
    private final double grain;
    private final Deque<Double> recent = new ArrayDeque<>();
    private int seen;
    private double mean;
    private double squares; // sum of squared deviations from the mean, by Welford's recursion

    Way(double grain) {
      this.grain = grain;
    }

    void add(double value) {
      if (!Double.isFinite(value)) return;
      if (seen < baseline) {
        double delta = value - mean;
        mean += delta / ++seen;
        squares += delta * (value - mean);
        return;
      }
      recent.addLast(value);
      if (recent.size() > window) recent.removeFirst();
    }

    /** In deviations of a single step. */
    double moved() {
      if (recent.size() < window) return 0;
      double now = recent.stream().mapToDouble(Double::doubleValue).average().orElse(mean);
      return (now - mean) / Math.sqrt(squares / (baseline - 1) + grain * grain);
    }
  }
}
