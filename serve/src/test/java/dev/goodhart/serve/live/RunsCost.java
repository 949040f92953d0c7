package dev.goodhart.serve.live;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.audit.DuplicateRate;
import dev.goodhart.audit.LengthDrift;
import dev.goodhart.audit.Monitor;
import dev.goodhart.audit.PartDrift;
import dev.goodhart.audit.RepetitionDrift;
import dev.goodhart.audit.RewardDrift;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Scoring;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Length.Unit;
import dev.goodhart.spec.RewardSpec;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What watching costs: processor time of a request, of the watching thread a sample, and the heap
 * after many. To be run by hand: {@code RunsCost [samples a request] [requests] [a second]}.
 */
final class RunsCost {
  private RunsCost() {}

  public static void main(String[] arguments) throws Exception {
    int batch = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
    int requests = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
    int perSecond = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20_000;
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    List<Monitor> monitors =
        List.of(
            new LengthDrift(1.5, 20, 5),
            new RewardDrift(0.35, 20, 5),
            new PartDrift(0.35, 20, 5),
            new RepetitionDrift(0.15, 20, 5),
            new DuplicateRate(0.2, 20, 5));
    RewardSpec spec =
        new RewardSpec(
            Map.of("length", new Length(Unit.CHARACTERS)), Map.of(), Optional.empty(), monitors);
    try (Runs runs = new Runs(spec, List.of())) {
      long watching = 0;
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("live-monitors")) watching = thread.threadId();
      }
      long mine = 0;
      long started = 0;
      long before = 0;
      long droppedBefore = 0;
      long clock = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < 100_000; i++) threads.getCurrentThreadCpuTime();
      clock = (threads.getCurrentThreadCpuTime() - clock) / 100_000;
      Asked asked = new Asked("1", "test", "anyone", "r", null, Long.MAX_VALUE, null);
      for (int i = -requests / 10; i < requests; i++) {
        if (i == 0) { // warm by now
          before = threads.getThreadCpuTime(watching);
          mine = 0;
          runs.settle();
          droppedBefore = runs.totals().dropped();
          started = System.nanoTime();
        }
        List<Scoring> scorings = scorings(batch, i);
        long from = threads.getCurrentThreadCpuTime();
        runs.scored(asked, scorings, "v");
        mine += threads.getCurrentThreadCpuTime() - from;
        if (i > 0 && i % 1000 == 0) {
          long ahead = started + i * 1_000_000_000L / perSecond - System.nanoTime();
          if (ahead > 0) Thread.sleep(ahead / 1_000_000, (int) (ahead % 1_000_000));
        }
      }
      runs.settle();
      double wall = (System.nanoTime() - started) / 1e9;
      System.gc();
      long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      Runs.Totals totals = runs.totals();
      System.out.printf(
          "%d requests of %d: %.0f ns a request on its own thread, %.0f ns a"
              + " sample on the watching one, %.0f requests/s, %d of %d samples left out, heap %d"
              + " MB%n",
          requests,
          batch,
          mine / (double) requests - clock,
          (threads.getThreadCpuTime(watching) - before) / (double) requests / batch,
          requests / wall,
          totals.dropped() - droppedBefore,
          (long) requests * batch,
          heap >> 20);
    }
  }

  private static List<Scoring> scorings(int batch, int request) {
    List<Scoring> scorings = new ArrayList<>(batch);
    for (int i = 0; i < batch; i++) {
      Sample sample =
          new Sample(
              "",
              Prompt.of("What is " + request + " + " + i + "?"),
              "The answer of the two numbers is found by adding them, which makes " + (request + i),
              null,
              Map.of());
      double value = (request * 31 + i) % 7;
      Reward reward =
          new Scored(
              value, OptionalDouble.empty(), Map.of("a", Reward.of(value), "b", Reward.of(-value)));
      scorings.add(
          new Scoring(
              sample,
              "0123456789abcdef0123456789abcdef",
              reward,
              Map.of("a", new Scoring.Took(1000, false), "b", new Scoring.Took(2000, false))));
    }
    return scorings;
  }
}
