package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Constrained RLHF: several rewards, each a good proxy only up to a point, held at or above those
 * points by Lagrange multipliers instead of being summed with fixed weights. What is optimised is
 * closeness to the base policy, through the trainer's own penalty of the divergence, or one of the
 * signals.
 *
 * <pre>{@code
 * R = r_objective + sum_i w_i r_i,    w_i = lambda_i / max(N - sum_j lambda_j, N/100)
 * lambda_i = tanh(x_i) in (-1, 1)      to hold J_i =  theta_i, negative to push it down  (xi-PPO)
 *          = sigmoid(x_i) in (0, 1)    to hold J_i >= theta_i                  (mu-PPO, All-PPO)
 * x_i = u_i + proportional (theta_i - J_i)
 * after each batch   u_i <- u_i - rate v_i,  v_i <- momentum v_i + (J_i - theta_i) dlambda_i/du_i
 * }</pre>
 *
 * <p>N is the number of constraints, J_i the mean of signal i over a batch. The published mixture
 * {@code (N - sum lambda) A_KL + sum lambda_i A_i} of advantages is the one of R with the
 * divergence's weight, divided by {@code N - sum lambda}: with a KL weight beta its fixed point is
 * the base policy tilted by {@code exp(sum_i w_i r_i / beta)}. The authors standardise each
 * advantage in the batch first ({@link #mixed}); the weights then lose their scale. They have no
 * proportional term: u alone, an integral controller, can go round its target for ever, with or
 * without standardising, and a term of about 1 settles it.
 *
 * <p>The record of a step holds the multipliers of that step; {@link #after} makes the next one, so
 * that the spec of a running training is its checkpoint. Where nobody trains, the multipliers stay
 * as they are written. Unscored as soon as one of its signals is; a batch without a scored reward
 * of a signal leaves that signal's multiplier alone.
 *
 * @param constraints by the signal that they bind, at least one
 * @param objective the signal to maximise; without it closeness to the base policy alone
 * @param rate of the multipliers' steps, above 0
 * @param momentum of the multipliers' steps, in [0, 1)
 * @param proportional how much the present gap counts beside the sum of the past ones, at least 0
 * @param multipliers where they stand, by signal; what is not named stands at the start, {@code u =
 *     0}
 */
@Method(id = 82, source = "arXiv 2310.04373")
public record Constrained(
    Map<String, Constraint> constraints,
    Optional<String> objective,
    @Default("0.1") double rate,
    @Default("0.1") double momentum,
    @Default("1") double proportional,
    @Default("{}") Map<String, Multiplier> multipliers)
    implements Combine {
  /**
   * What a signal's mean is held to.
   *
   * @param threshold theta, the proxy point: the mean beyond which gold falls
   * @param kind {@code equal} or {@code at-least}
   */
  public record Constraint(double threshold, @Default("equal") Kind kind) {
    /** Whether the mean may lie above the threshold. */
    public enum Kind {
      EQUAL,
      AT_LEAST
    }

    public Constraint {
      if (!Double.isFinite(threshold)) {
        throw new IllegalArgumentException("threshold must be finite, not " + threshold);
      }
    }
  }

  /**
   * Where a multiplier stands.
   *
   * @param u before it is brought into its range
   * @param velocity v, of its last step
   * @param gap theta - J in the last batch
   */
  public record Multiplier(
      @Default("0") double u, @Default("0") double velocity, @Default("0") double gap) {
    private static final Multiplier START = new Multiplier(0, 0, 0);

    public Multiplier {
      for (double value : new double[] {u, velocity, gap}) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException("a multiplier must be finite, not " + value);
        }
      }
    }
  }

  public Constrained {
    if (constraints.isEmpty()) {
      throw new IllegalArgumentException("constraints needs at least one signal");
    }
    constraints = Collections.unmodifiableMap(new LinkedHashMap<>(constraints));
    multipliers = Collections.unmodifiableMap(new LinkedHashMap<>(multipliers));
    if (objective.isPresent() && constraints.containsKey(objective.get())) {
      throw new IllegalArgumentException(
          "objective '%s' is constrained as well".formatted(objective.get()));
    }
    if (!(rate > 0 && Double.isFinite(rate))) {
      throw new IllegalArgumentException("rate must be finite and above 0, not " + rate);
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must be in [0, 1), not " + momentum);
    }
    if (!(proportional >= 0 && Double.isFinite(proportional))) {
      throw new IllegalArgumentException(
          "proportional must be finite and at least 0, not " + proportional);
    }
    for (String name : multipliers.keySet()) {
      if (!constraints.containsKey(name)) {
        throw new IllegalArgumentException("multipliers: '" + name + "' is not constrained");
      }
    }
  }

  /** With the authors' rates, at the start. */
  public Constrained(Map<String, Constraint> constraints) {
    this(constraints, Optional.empty(), 0.1, 0.1, 1, Map.of());
  }

  /** The multiplier of a constrained signal, in (-1, 1) or (0, 1). */
  public double lambda(String signal) {
    Multiplier at = multipliers.getOrDefault(signal, Multiplier.START);
    double x = at.u() + proportional * at.gap();
    return switch (constraint(signal).kind()) {
      case EQUAL -> Math.tanh(x);
      case AT_LEAST -> 1 / (1 + Math.exp(-x));
    };
  }

  /** What each signal weighs beside a divergence of weight 1: w, the objective with 1. */
  public Map<String, Double> weights() {
    Map<String, Double> weights = new LinkedHashMap<>();
    objective.ifPresent(name -> weights.put(name, 1.0));
    double rest = rest();
    for (String name : constraints.keySet()) {
      weights.put(name, lambda(name) / rest);
    }
    return weights;
  }

  /**
   * {@code N - sum_i lambda_i}, what the objective weighs; kept from 0 so that it never vanishes.
   */
  private double rest() {
    double rest = constraints.size();
    for (String name : constraints.keySet()) {
      rest -= lambda(name);
    }
    return Math.max(rest, constraints.size() / 100.0);
  }

  /**
   * The published mixture: {@code (N - sum_i lambda_i) A_objective + sum_i lambda_i A_i}, each
   * advantage brought to mean 0 and deviation 1 in the batch first, or to 0 where all are equal.
   *
   * @param objective the batch's advantages by the objective, for closeness to the base policy
   *     those of {@code -beta log(pi / pi_0)}
   * @param signals the batch's advantages by each constrained signal
   */
  public double[] mixed(double[] objective, Map<String, double[]> signals) {
    double[] mixed = new double[objective.length];
    add(rest(), objective, mixed);
    for (String name : constraints.keySet()) {
      add(lambda(name), Objects.requireNonNull(signals.get(name), name), mixed);
    }
    return mixed;
  }

  private static void add(double weight, double[] advantages, double[] sum) {
    double mean = 0;
    for (double a : advantages) {
      mean += a / advantages.length;
    }
    double squares = 0;
    for (double a : advantages) {
      squares += (a - mean) * (a - mean) / advantages.length;
    }
    double scale = squares > 0 ? weight / Math.sqrt(squares) : 0;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += scale * (advantages[i] - mean);
    }
  }

  /**
   * The combination of the next step.
   *
   * @param means J, the mean of each constrained signal over the batch; a signal that is not named
   *     keeps its multiplier
   */
  public Constrained after(Map<String, Double> means) {
    Map<String, Multiplier> next = new LinkedHashMap<>(multipliers);
    means.forEach(
        (name, mean) -> {
          Constraint constraint = constraint(name);
          Multiplier at = multipliers.getOrDefault(name, Multiplier.START);
          double gap = constraint.threshold() - mean;
          double slope =
              switch (constraint.kind()) {
                case EQUAL -> 1 - Math.pow(Math.tanh(at.u()), 2);
                case AT_LEAST -> 1 / (2 + Math.exp(at.u()) + Math.exp(-at.u()));
              };
          double velocity = momentum * at.velocity() - slope * gap;
          next.put(name, new Multiplier(at.u() - rate * velocity, velocity, gap));
        });
    return new Constrained(constraints, objective, rate, momentum, proportional, next);
  }

  @Override
  public Constrained after(List<? extends Reward> batch) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (String name : constraints.keySet()) {
      batch.stream()
          .map(reward -> reward.parts().get(name))
          .filter(Scored.class::isInstance)
          .mapToDouble(part -> ((Scored) part).value())
          .average()
          .ifPresent(mean -> means.put(name, mean));
    }
    return after(means);
  }

  private Constraint constraint(String signal) {
    Constraint constraint = constraints.get(signal);
    if (constraint == null) {
      throw new IllegalArgumentException("'" + signal + "' is not constrained");
    }
    return constraint;
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    // A weight of 0 would let an unscored part pass, which is 0 only until the next batch.
    for (String name : parts()) {
      if (Objects.requireNonNull(parts.get(name), name) instanceof Unscored missing) {
        return new Unscored(missing.reason());
      }
    }
    return new Weighted(weights()).of(parts);
  }

  @Override
  public Set<String> parts() {
    Set<String> names = new LinkedHashSet<>();
    objective.ifPresent(names::add);
    names.addAll(constraints.keySet());
    return names;
  }
}
