package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A policy that several stakeholders would agree on: what each gains over the base policy,
 * multiplied. For groups whose scores have no common unit, where a sum would serve whoever scores
 * in large numbers.
 *
 * <pre>{@code
 * maximise  sum_i log(J_i - d_i)                 J_i the policy's mean of signal i
 * R = sum_i w_i (r_i - d_i),    w_i = 1 / max(J_i - d_i, margin_i)
 * after each batch              J_i <- (1 - rate) J_i + rate mean(r_i)
 * }</pre>
 *
 * <p>R's policy gradient is that of the first line, since each w_i is the derivative of the
 * logarithm: the product is one of means, not the mean of a product, so the weights must follow the
 * policy. They do in a training run, whose spec holds the means; where nobody trains they stay as
 * written. Multiplying a group's signal, its d_i and its margin by a number changes nothing. What
 * the weights lead to can be had exactly from tables: {@link NashLottery}.
 *
 * <p>Someone who is below his disagreement point counts as if he gained the margin, with the weight
 * {@code 1 / margin_i}: that pulls him up as long as the others' weights are smaller, but it is no
 * guarantee. Start from the base policy, where J = d. Disagreement points can be gamed by those who
 * report them; take them from the base policy's own scores. Unscored as soon as one signal is.
 *
 * @param stakeholders by signal, at least one
 * @param rate at which the means follow the batches, in (0, 1]
 * @param means J where they stand, by signal; what is not named stands at its disagreement point
 */
@Method(source = "arXiv 2408.16984")
public record NashBargaining(
    Map<String, Stakeholder> stakeholders,
    @Default("0.1") double rate,
    @Default("{}") Map<String, Double> means)
    implements Combine {
  /**
   * One who must agree.
   *
   * @param disagreement d, the mean of the signal under the base policy
   * @param margin the least gain that counts, above 0, in the signal's unit: a tenth of the
   *     signal's deviation, say
   */
  public record Stakeholder(double disagreement, @Default("0.1") double margin) {
    public Stakeholder {
      if (!Double.isFinite(disagreement)) {
        throw new IllegalArgumentException("disagreement must be finite, not " + disagreement);
      }
      if (!(margin > 0 && Double.isFinite(margin))) {
        throw new IllegalArgumentException("margin must be finite and above 0, not " + margin);
      }
    }
  }

  public NashBargaining {
    stakeholders = Collections.unmodifiableMap(new LinkedHashMap<>(stakeholders));
    means = Collections.unmodifiableMap(new LinkedHashMap<>(means));
    if (stakeholders.isEmpty()) {
      throw new IllegalArgumentException("stakeholders needs at least one signal");
    }
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate must be in (0, 1], not " + rate);
    }
    for (var mean : means.entrySet()) {
      if (!stakeholders.containsKey(mean.getKey()) || !Double.isFinite(mean.getValue())) {
        throw new IllegalArgumentException(
            "means: '%s' is no stakeholder, or %s not finite"
                .formatted(mean.getKey(), mean.getValue()));
      }
    }
  }

  /** At the base policy. */
  public NashBargaining(Map<String, Stakeholder> stakeholders) {
    this(stakeholders, 0.1, Map.of());
  }

  /** What a signal counts for now. */
  public double weight(String signal) {
    Stakeholder one = Objects.requireNonNull(stakeholders.get(signal), signal);
    double mean = means.getOrDefault(signal, one.disagreement());
    return 1 / Math.max(mean - one.disagreement(), one.margin());
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    double sum = 0;
    for (var one : stakeholders.entrySet()) {
      switch (Objects.requireNonNull(parts.get(one.getKey()), one.getKey())) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored part ->
            sum += weight(one.getKey()) * (part.value() - one.getValue().disagreement());
      }
    }
    return new Scored(sum);
  }

  @Override
  public NashBargaining after(List<? extends Reward> batch) {
    Map<String, Double> moved = new LinkedHashMap<>(means);
    for (var one : stakeholders.entrySet()) {
      batch.stream()
          .map(r -> r.parts().get(one.getKey()))
          .filter(Scored.class::isInstance)
          .mapToDouble(r -> ((Scored) r).value())
          .average()
          .ifPresent(
              mean ->
                  moved.merge(
                      one.getKey(),
                      (1 - rate) * one.getValue().disagreement() + rate * mean,
                      (old, first) -> (1 - rate) * old + rate * mean));
    }
    return new NashBargaining(stakeholders, rate, moved);
  }

  @Override
  public Set<String> parts() {
    return stakeholders.keySet();
  }
}
