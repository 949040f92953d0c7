package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far each {@link Measure} of a run has moved from where the run began, in deviations of a step
 * and beside what wandering makes of it ({@link Drift}), so that they can be compared. A move is an
 * up or a down.
 *
 * <p>Besides the measures there are {@code words}, the divergence of the tokens from those of the
 * first steps ({@link ReferenceDistance}), {@code word-pairs}, the same of pairs of tokens in a
 * row, {@code paid-words}, what the words alone earn by what they earned in the first steps ({@link
 * PaidWords}), and {@code parts-apart}: how far one part of the reward went up and another one
 * down, the lesser of the two ({@link PartDivergence}).
 */
public final class Moves {
  private final int baseline;
  private final int window;
  private final Map<Measure, Drift> drifts = new LinkedHashMap<>();
  private final Map<String, Drift> parts = new LinkedHashMap<>();
  private final TokenDistances ofWords;
  private final TokenDistances ofPairs;
  private final PaidTokens paid;
  private final Drift words;
  private final Drift wordPairs;
  private final Drift paidWords;
  private long steps;

  /**
   * @param baseline how many steps the run begins with, at least 2
   * @param window how many steps are averaged, at least 1
   */
  public Moves(int baseline, int window) {
    StepBaseline.check(baseline, window, 1, "");
    this.baseline = baseline;
    this.window = window;
    for (Measure measure : Measure.values()) drifts.put(measure, drift(measure.grain));
    ofWords = new TokenDistances(baseline, 1);
    ofPairs = new TokenDistances(baseline, 2);
    paid = new PaidTokens(baseline);
    words = drift(0.005);
    wordPairs = drift(0.005);
    paidWords = drift(PaidWords.GRAIN);
  }

  private Drift drift(double grain) {
    return new Drift(baseline, window, grain);
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
    names.add("paid-words");
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
    steps++;
    Map<String, Double> moves = new LinkedHashMap<>();
    drifts.forEach(
        (measure, drift) -> {
          drift.add(measure.of(samples, rewards));
          double moved = drift.moved(steps);
          moves.put(measure.key + "-up", Math.max(0, moved));
          moves.put(measure.key + "-down", Math.max(0, -moved));
        });
    for (double distance : ofWords.add(samples)) words.add(distance);
    for (double distance : ofPairs.add(samples)) wordPairs.add(distance);
    for (double earned : paid.add(samples, rewards)) paidWords.add(earned);
    moves.put("words", Math.max(0, words.moved(steps)));
    moves.put("word-pairs", Math.max(0, wordPairs.moved(steps)));
    moves.put("paid-words", Math.max(0, paidWords.moved(steps)));
    PartValues.parts(rewards)
        .forEach(
            (name, values) ->
                parts.computeIfAbsent(name, n -> drift(0.01)).add(PartValues.mean(values)));
    double up = 0;
    double down = 0;
    for (Drift drift : parts.values()) {
      up = Math.max(up, drift.moved(steps));
      down = Math.max(down, -drift.moved(steps));
    }
    moves.put("parts-apart", Math.min(up, down));
    return moves;
  }

  /** The words whose spread has earned most since the first steps, in quotes, at most so many. */
  public List<String> paidWords(int most) {
    return paid.spread(most);
  }
}
