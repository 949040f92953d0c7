package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reward-robust RLHF: what an ensemble's most confident member says, traded against the worst that
 * any member says. For a learned reward that will be optimised past what it knows, where the pure
 * worst case is too timid.
 *
 * <pre>{@code
 * R = lambda r_nominal + (1 - lambda) min_m (mu_m - caution s_m)
 * r_nominal = mu_m* with m* = argmin_m s_m        surest
 *           = 1/M sum_m mu_m                      mean
 * }</pre>
 *
 * <p>Member m says the reward is mu_m with deviation s_m. In mode {@code sample} the minimum is
 * that of each response, in mode {@code batch} one member is the worst for all responses of a
 * batch: the one whose mean was lowest in the batch before, since a reward is needed before its
 * batch is complete (in the first batch each response's own). {@code E[min_m mu_m] <= min_m
 * E[mu_m]}: mode {@code sample} is the more timid one.
 *
 * <p>The members must share their offset, or the minimum is always that of the lowest: centre each
 * on the same responses first. One broken member owns the minimum; leave out what is much worse
 * than the rest on held-out pairs. A tie for the surest goes to the first. Unscored as soon as one
 * member is.
 *
 * @param of the members: signals by name; a single signal that is an ensemble itself stands for its
 *     members
 * @param lambda the weight of the nominal reward, in [0, 1]; on which side the published 0.2 and
 *     0.4 stand is not settled
 * @param nominal {@code surest} or {@code mean}
 * @param worst {@code sample} or {@code batch}
 * @param caution how many deviations each member is lowered by before the minimum, at least 0
 * @param lowest the member whose mean was lowest in the batch before, by its index; none at the
 *     start
 */
@Method(id = 40, source = "arXiv 2409.15360")
public record RewardRobust(
    List<String> of,
    @Default("0.6") double lambda,
    @Default("surest") Nominal nominal,
    @Default("sample") Worst worst,
    @Default("0") double caution,
    Optional<Integer> lowest)
    implements Combine {
  /** Whose word counts beside the worst. */
  public enum Nominal {
    SUREST,
    MEAN
  }

  /** Over what the minimum is taken. */
  public enum Worst {
    SAMPLE,
    BATCH
  }

  public RewardRobust {
    of = Ensemble.checked(of);
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("lambda must be in [0, 1], not " + lambda);
    }
    if (!(caution >= 0 && Double.isFinite(caution))) {
      throw new IllegalArgumentException("caution must be finite and at least 0, not " + caution);
    }
    if (lowest.isPresent() && lowest.get() < 0) {
      throw new IllegalArgumentException("lowest must be at least 0, not " + lowest.get());
    }
  }

  /** The surest member against each sample's worst. */
  public RewardRobust(List<String> of, double lambda) {
    this(of, lambda, Nominal.SUREST, Worst.SAMPLE, 0, Optional.empty());
  }

  /**
   * The reward of one sample.
   *
   * @param means mu, of M members, M at least 1
   * @param deviations s, of the same members, at least 0
   */
  public double score(double[] means, double[] deviations) {
    int surest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int m = 0; m < means.length; m++) {
      surest = deviations[m] < deviations[surest] ? m : surest;
      if (lowest.isEmpty() || worst == Worst.SAMPLE || lowest.get() == m) {
        least = Math.min(least, means[m] - caution * deviations[m]);
      }
    }
    double word =
        switch (nominal) {
          case SUREST -> means[surest];
          case MEAN -> Arrays.stream(means).sum() / means.length;
        };
    return lambda * word + (1 - lambda) * least;
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    List<Reward> members = Ensemble.members(of, parts);
    double[] means = new double[members.size()];
    double[] deviations = new double[members.size()];
    boolean certain = lambda > 0 && nominal == Nominal.SUREST || caution > 0;
    for (int m = 0; m < means.length; m++) {
      switch (members.get(m)) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored member -> {
          means[m] = member.value();
          OptionalDouble deviation = member.deviation();
          if (certain && deviation.isEmpty()) {
            throw new GoodhartException(
                "reward-robust: a member has no deviation of its own, without which none is the"
                    + " surest; say 'nominal: mean' and leave caution at 0");
          }
          deviations[m] = deviation.orElse(0);
        }
      }
    }
    return new Scored(score(means, deviations), Ensemble.deviation(means));
  }

  @Override
  public RewardRobust after(List<? extends Reward> batch) {
    if (worst == Worst.SAMPLE) {
      return this;
    }
    double[] sums = new double[0];
    int scored = 0;
    for (Reward reward : batch) {
      if (!reward.parts().keySet().containsAll(of)) {
        continue;
      }
      List<Reward> members = Ensemble.members(of, reward.parts());
      if (!members.stream().allMatch(Scored.class::isInstance)) {
        continue;
      }
      sums = scored++ == 0 ? new double[members.size()] : sums;
      for (int m = 0; m < sums.length; m++) {
        Scored member = (Scored) members.get(m);
        sums[m] += member.value() - caution * member.deviation().orElse(0);
      }
    }
    if (scored == 0) {
      return this;
    }
    int low = 0;
    for (int m = 1; m < sums.length; m++) {
      low = sums[m] < sums[low] ? m : low;
    }
    return new RewardRobust(of, lambda, nominal, worst, caution, Optional.of(low));
  }

  @Override
  public Set<String> parts() {
    return new LinkedHashSet<>(of);
  }
}
