package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * GRPO-lambda's advantage: shorter responses are preferred only on the prompts that the policy
 * already solves best in this step, so that pressure on length never hurts where the policy still
 * needs its steps, and eases by itself when accuracy falls.
 *
 * <p>With B groups, a response right where its reward reaches {@code threshold}, q_k the share of
 * right ones, and E the ceil(lambda B) groups of the highest q_k:
 *
 * <pre>{@code
 * r'_i = r_i - alpha sigmoid((l_i - mean l) / std l)    right, in a group of E; mean and std
 *                                                       over the lengths of its right responses
 * r'_i = r_i                                            otherwise
 * A_i  = (r'_i - mean(r')) / max(std(r'), floor)
 * }</pre>
 *
 * <p>In a group where all are right the advantage depends on length alone, and divided by its
 * deviation it is as large as one for being right: a {@code floor} of about 0.5 for rewards of 0
 * and 1 keeps it small. The default is GRPO's plain division. lambda 0 is GRPO, lambda 1 a length
 * penalty everywhere. Groups that tie at the edge of E are taken by chance, the same for the same
 * roll-outs. A group in which no response is right is never in E. Groups whose (changed) rewards
 * are all equal give zeros.
 *
 * @param lambda the share of the groups that are to become shorter, in [0, 1]
 * @param alpha how much of a right response's reward length can cost, in [0, 1); the reward of a
 *     right response minus alpha should stay above that of a wrong one
 * @param threshold from which reward on a response is right
 * @param floor of the deviation, above 0
 */
@Method(id = 56, source = "arXiv 2505.18086")
public record GrpoLambda(
    @Default("0.2") double lambda,
    @Default("0.4") double alpha,
    @Default("0.5") double threshold,
    @Default("1e-6") double floor)
    implements Credit {
  public GrpoLambda {
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("lambda must lie in [0, 1], not " + lambda);
    }
    if (!(alpha >= 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha must lie in [0, 1), not " + alpha);
    }
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException("threshold must be finite, not " + threshold);
    }
    if (!(floor > 0)) {
      throw new IllegalArgumentException("floor must be above 0, not " + floor);
    }
  }

  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    boolean[] shorten = shorten(batch);
    List<TokenAdvantages> credits = new ArrayList<>();
    for (int k = 0; k < shorten.length; k++) {
      Rollouts rollouts = batch.get(k);
      Group group = shorten[k] ? penalised(rollouts) : rollouts.group();
      credits.add(TokenAdvantages.each(normalised(group), rollouts.tokens()));
    }
    return credits;
  }

  /** Which groups are in E. */
  private boolean[] shorten(List<Rollouts> batch) {
    double[] rates = batch.stream().mapToDouble(r -> rate(r.group())).toArray();
    List<Integer> order = new ArrayList<>(IntStream.range(0, rates.length).boxed().toList());
    long seed = Arrays.hashCode(rates);
    for (Rollouts rollouts : batch) {
      for (Tokens tokens : rollouts.tokens()) {
        seed = 31 * seed + Arrays.hashCode(tokens.logProbs()) + tokens.size();
      }
    }
    Collections.shuffle(order, new Random(seed));
    order.sort(Comparator.<Integer>comparingDouble(k -> rates[k]).reversed());
    boolean[] shorten = new boolean[rates.length];
    order.stream()
        .limit((long) Math.ceil(lambda * rates.length))
        .forEach(k -> shorten[k] = rates[k] > 0);
    return shorten;
  }

  private double rate(Group group) {
    return Arrays.stream(group.scored()).map(r -> r >= threshold ? 1 : 0).average().orElse(0);
  }

  /** The rewards r' of a group of E. */
  private Group penalised(Rollouts rollouts) {
    List<Reward> rewards = new ArrayList<>(rollouts.group().rewards());
    int[] right =
        IntStream.range(0, rewards.size())
            .filter(i -> rewards.get(i) instanceof Scored s && s.value() >= threshold)
            .toArray();
    double[] lengths =
        Arrays.stream(right).mapToDouble(i -> rollouts.tokens().get(i).size()).toArray();
    double mean = Arrays.stream(lengths).average().orElse(0);
    double variance = Arrays.stream(lengths).map(l -> (l - mean) * (l - mean)).average().orElse(0);
    for (int i : right) {
      if (rewards.get(i) instanceof Scored reward) {
        double apart = rollouts.tokens().get(i).size() - mean;
        double z = variance == 0 ? 0 : apart / Math.sqrt(variance);
        rewards.set(i, reward.withValue(reward.value() - alpha / (1 + Math.exp(-z))));
      }
    }
    return new Group(rollouts.group().samples(), rewards);
  }

  private Advantages normalised(Group group) {
    Advantages centred = new GroupCentred().of(group);
    double square = Arrays.stream(centred.values()).map(a -> a * a).sum();
    double deviation = Math.sqrt(square / Math.max(1, group.scored().length - 1));
    for (int i = 0; i < centred.values().length; i++) {
      centred.values()[i] /= Math.max(deviation, floor);
    }
    return centred;
  }
}
