package dev.goodhart.lab;

import dev.goodhart.GoodhartException;
import dev.goodhart.lab.Evidence.Estimate;
import dev.goodhart.lab.Evidence.Tested;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.run.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs an experiment under several seeds and decides its claims. The seeds run in parallel; each
 * draws from streams of its own, so the evidence does not depend on how many threads there were.
 *
 * @param firstSeed of the verdict
 * @param seeds how many, at least 2: one difference has no standard error
 */
public record Reproduction(long firstSeed, int seeds) {
  private static final double ROUNDING = 1e-12;

  public Reproduction {
    if (seeds < 2) {
      throw new GoodhartException(
          "--seeds " + seeds + ": at least 2 are needed for a standard error");
    }
  }

  /** One experiment. */
  public Evidence of(Experiment experiment, Progress progress) {
    progress.start(experiment.name(), seeds);
    Evidence evidence = run(experiment, progress);
    progress.done();
    return evidence;
  }

  /**
   * Several experiments side by side, so that the last seeds of one do not leave cores idle.
   *
   * @param firstSeed of each
   * @param seeds of each; null for each experiment's own number
   * @return in the order of the experiments
   */
  public static List<Evidence> all(
      List<Experiment> experiments, long firstSeed, @Nullable Integer seeds, Progress progress) {
    List<Reproduction> plans =
        experiments.stream()
            .map(e -> new Reproduction(firstSeed, seeds == null ? e.seeds() : seeds))
            .toList();
    String what =
        experiments.size() == 1
            ? experiments.getFirst().name()
            : experiments.size() + " experiments";
    progress.start(what, plans.stream().mapToLong(Reproduction::seeds).sum());
    List<Evidence> evidence =
        IntStream.range(0, experiments.size())
            .parallel()
            .mapToObj(i -> plans.get(i).run(experiments.get(i), progress))
            .toList();
    progress.done();
    return evidence;
  }

  private Evidence run(Experiment experiment, Progress progress) {
    AtomicLong nanos = new AtomicLong();
    List<Outcome> outcomes =
        LongStream.range(firstSeed, firstSeed + seeds)
            .parallel()
            .mapToObj(
                seed -> {
                  long start = System.nanoTime();
                  Outcome outcome = experiment.run(new Seeds(seed));
                  nanos.addAndGet(System.nanoTime() - start);
                  progress.advance(1);
                  return outcome;
                })
            .toList();
    return evidence(experiment, outcomes, Math.rint(nanos.get() / 1e8) / 10);
  }

  private Evidence evidence(Experiment experiment, List<Outcome> outcomes, double seconds) {
    List<Tested> tested = experiment.claims().stream().map(claim -> test(claim, outcomes)).toList();
    Map<String, List<Estimate>> curves = new LinkedHashMap<>();
    int points = experiment.axis().points().size();
    for (String arm : outcomes.getFirst().curves().keySet()) {
      curves.put(
          arm,
          IntStream.range(0, points)
              .mapToObj(i -> estimate(outcomes, outcome -> outcome.at(arm, i)))
              .toList());
    }
    return new Evidence(
        experiment.system(),
        experiment.name(),
        experiment.title(),
        experiment.tuning(),
        experiment.toString(),
        firstSeed,
        outcomes.size(),
        tested,
        experiment.axis(),
        curves,
        Provenance.running(),
        seconds);
  }

  private static Tested test(Claim claim, List<Outcome> outcomes) {
    Estimate difference =
        estimate(outcomes, o -> difference(o.figure(claim.method()), o.figure(claim.baseline())));
    return new Tested(
        claim.name(),
        claim.says(),
        estimate(outcomes, o -> o.figure(claim.method())).mean(),
        estimate(outcomes, o -> o.figure(claim.baseline())).mean(),
        difference,
        claim.relation(),
        claim.tolerance(),
        claim.verdict(difference.mean(), difference.standardError()));
  }

  /** 0 where two sums of the same numbers differ by their rounding alone. */
  private static double difference(double method, double baseline) {
    double difference = method - baseline;
    double rounding = ROUNDING * Math.max(Math.abs(method), Math.abs(baseline));
    return Math.abs(difference) <= rounding ? 0 : difference;
  }

  private static Estimate estimate(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
    return Estimate.of(outcomes.stream().mapToDouble(figure).toArray());
  }
}
