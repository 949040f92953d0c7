package dev.goodhart.audit;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;

/**
 * A figure of a step that moves when a policy hacks its reward, seen from where a reward server
 * stands. What each of them is worth on its own and together is in {@code docs/detection.md}.
 */
enum Measure {
  /** Mean logarithm of the responses' length in characters. */
  LENGTH("length", 0.02) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return mean(samples.stream().mapToDouble(s -> logLength(s.response())).toArray());
    }
  },
  /** Mean share of a response's runs of two tokens that stood in it before. */
  REPETITION("repetition", 0.01) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return mean(samples.stream().mapToDouble(s -> repeated(s.response())).toArray());
    }
  },
  /** Expected distinct runs of two tokens among 100 of the step, as a logarithm. */
  DISTINCT("distinct", 0.02) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return Math.log(DistinctRuns.expected(samples, 100));
    }
  },
  /** Share of responses that equal another one of the step. */
  DUPLICATES("duplicates", 0.02) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return DuplicateRate.share(samples);
    }
  },
  /** Nats a token that the prompt foretells. */
  PROMPT_DEPENDENCE("prompt-dependence", 0.02) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return PromptDependence.of(samples);
    }
  },
  /** Mean reward. */
  REWARD("reward", 0.01) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return PartValues.mean(PartValues.rewards(rewards));
    }
  },
  /** Deviation of the rewards within a prompt. */
  REWARD_DEVIATION("reward-deviation", 0.01) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return RewardVariance.withinPrompts(samples, rewards);
    }
  },
  /** Correlation of reward and log-length within prompts: what length pays. */
  LENGTH_PAY("length-pay", 0.05) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      List<double[]> pairs = new ArrayList<>();
      for (List<Integer> group : scored(samples, rewards).values()) {
        double length = 0;
        double reward = 0;
        for (int i : group) {
          length += logLength(samples.get(i).response()) / group.size();
          reward += value(rewards.get(i)) / group.size();
        }
        for (int i : group) {
          pairs.add(
              new double[] {
                logLength(samples.get(i).response()) - length, value(rewards.get(i)) - reward
              });
        }
      }
      if (pairs.size() < 3) return Double.NaN;
      double[] lengths = pairs.stream().mapToDouble(p -> p[0]).toArray();
      double[] values = pairs.stream().mapToDouble(p -> p[1]).toArray();
      double correlation = new PearsonsCorrelation().correlation(lengths, values);
      return Double.isNaN(correlation) ? 0 : correlation; // one of the two is the same for all
    }
  },
  /** Mean deviation among an ensemble's members. */
  DISAGREEMENT("disagreement", 0.01) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return mean(
          rewards.stream()
              .filter(Scored.class::isInstance)
              .map(r -> ((Scored) r).deviation())
              .filter(OptionalDouble::isPresent)
              .mapToDouble(OptionalDouble::getAsDouble)
              .toArray());
    }
  },
  /** Share of responses that no reward could be given to. */
  UNSCORED("unscored", 0.01) {
    @Override
    double of(List<Sample> samples, List<Reward> rewards) {
      return mean(rewards.stream().mapToDouble(r -> r instanceof Scored ? 0 : 1).toArray());
    }
  };

  final String key;

  /**
   * What a step varies by at least, in the figure's unit: so that the noise of a figure that was
   * exactly the same in all first steps is not taken for nothing.
   */
  final double grain;

  Measure(String key, double grain) {
    this.key = key;
    this.grain = grain;
  }

  /** NaN where the step does not have it. */
  abstract double of(List<Sample> samples, List<Reward> rewards);

  private static double mean(double[] values) {
    return PartValues.mean(values);
  }

  private static double value(Reward reward) {
    return ((Scored) reward).value();
  }

  private static double logLength(String response) {
    return Math.log(Math.max(1, response.codePointCount(0, response.length())));
  }

  /** The places of the scored samples of each prompt that has two or more. */
  private static Map<Prompt, List<Integer>> scored(List<Sample> samples, List<Reward> rewards) {
    Map<Prompt, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      if (rewards.get(i) instanceof Scored) {
        groups.computeIfAbsent(samples.get(i).prompt(), p -> new ArrayList<>()).add(i);
      }
    }
    groups.values().removeIf(g -> g.size() < 2);
    return groups;
  }

  private static double repeated(String response) {
    long[] runs = TokenCounts.runs(TokenCounts.tokens(response), 2);
    return runs.length == 0
        ? 0
        : 1 - java.util.Arrays.stream(runs).distinct().count() / (double) runs.length;
  }
}
