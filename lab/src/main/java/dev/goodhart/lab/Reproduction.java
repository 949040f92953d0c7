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
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Runs an experiment under several seeds and decides its claims. The seeds run in parallel; each
 * draws from streams of its own, so the evidence does not depend on how many threads there were.
 *
 * @param firstSeed of the verdict
 * @param seeds how many, at least 2: one difference has no standard error
 */
public record Reproduction(long firstSeed, int seeds) {
  public Reproduction {
    if (seeds < 2) {
      throw new GoodhartException(
          "--seeds " + seeds + ": at least 2 are needed for a standard error");
    }
  }

  public Evidence of(Experiment experiment, Progress progress) {
    progress.start(experiment.name(), seeds);
    List<Outcome> outcomes =
        LongStream.range(firstSeed, firstSeed + seeds)
            .parallel()
            .mapToObj(
                seed -> {
                  Outcome outcome = experiment.run(new Seeds(seed));
                  progress.advance(1);
                  return outcome;
                })
            .toList();
    progress.done();
    return evidence(experiment, outcomes);
  }

  private Evidence evidence(Experiment experiment, List<Outcome> outcomes) {
    List<Tested> tested = experiment.claims().stream().map(claim -> test(claim, outcomes)).toList();
    Map<String, List<Estimate>> curves = new LinkedHashMap<>();
    int points = experiment.axis().points().size();
    for (String arm : outcomes.getFirst().curves().keySet()) {
      curves.put(
          arm,
          java.util.stream.IntStream.range(0, points)
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
        Provenance.running());
  }

  private static Tested test(Claim claim, List<Outcome> outcomes) {
    Estimate difference =
        estimate(outcomes, o -> o.figure(claim.method()) - o.figure(claim.baseline()));
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

  private static Estimate estimate(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
    return Estimate.of(outcomes.stream().mapToDouble(figure).toArray());
  }
}
