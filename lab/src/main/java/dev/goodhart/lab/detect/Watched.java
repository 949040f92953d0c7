package dev.goodhart.lab.detect;

import java.util.List;
import java.util.Map;

/**
 * What is kept of a run: gold for the verdict afterwards, and what a reward server could have seen.
 *
 * @param name of the run
 * @param kind of the reward's weakness, which the study is split by
 * @param world the run's world
 * @param what was done, for readers
 * @param gold of each step
 * @param reward of each step
 * @param kl to the reference, of each step, nats a response
 * @param moves of each step, those above 0 ({@link dev.goodhart.audit.Moves})
 * @param alarms the step of each monitor's first alarm, by its name
 * @param seconds that it took
 */
record Watched(
    String name,
    String kind,
    String world,
    String what,
    double[] gold,
    double[] reward,
    double[] kl,
    List<Map<String, Double>> moves,
    Map<String, Integer> alarms,
    double seconds) {
  Truth truth() {
    return Truth.of(gold, reward);
  }

  int steps() {
    return gold.length;
  }

  double move(int step, String name) {
    return moves.get(step).getOrDefault(name, 0.0);
  }
}
