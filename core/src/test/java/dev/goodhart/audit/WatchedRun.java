package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A run played to a monitor. */
final class WatchedRun {
  /** One step. */
  record Step(List<Sample> samples, List<Reward> rewards) {
    static Step rewards(List<? extends Reward> rewards) {
      return new Step(
          rewards.stream().map(r -> Sample.of("prompt", "response")).toList(),
          List.copyOf(rewards));
    }

    static Step responses(List<String> responses) {
      return new Step(
          responses.stream().map(r -> Sample.of("prompt", r)).toList(),
          responses.stream().<Reward>map(r -> Reward.of(1)).toList());
    }
  }

  /** An alarm and the step after which it was raised. */
  record Alarm(int step, Finding finding) {}

  static List<Alarm> alarms(Monitor monitor, int steps, IntFunction<Step> run) {
    Monitor.Watch watch = monitor.start();
    List<Alarm> alarms = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      Step step = run.apply(t);
      for (Finding finding : watch.step(step.samples(), step.rewards())) {
        alarms.add(new Alarm(t, finding));
      }
    }
    return alarms;
  }

  static List<Integer> steps(List<Alarm> alarms) {
    return alarms.stream().map(Alarm::step).toList();
  }

  private WatchedRun() {}
}
