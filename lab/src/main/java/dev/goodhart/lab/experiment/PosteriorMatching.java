package dev.goodhart.lab.experiment;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.mean;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.rows;
import static dev.goodhart.neural.engine.Ops.sum;

import dev.goodhart.audit.exact.Divergence;
import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.bandit.Bandit;
import dev.goodhart.lab.bandit.TablePolicy;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.objective.Brain;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * System 23: does a policy come nearer to the posterior, what the fine-tuned model would say given
 * that it is good, by BRAIn's loss than by DPO on pairs of the same samples, or by the same loss
 * without its baseline?
 *
 * <p><b>World.</b> Prompts with fifty responses, logits of the fine-tuned model and rewards N(0,
 * 1); the posterior at temperature T is the tilt of the model by reward / T. Each step draws n
 * responses to each prompt from the fine-tuned model, the same for all arms.
 *
 * <p><b>Baselines.</b> DPO with β = 1 on n/2 pairs of the samples, labelled by reward ({@link
 * Brain} over two responses, {@code hard}); and {@code −Σ a · log policy}, which is BRAIn's loss
 * without its baseline. <b>Method.</b> {@link Brain}. All are tables of logits that begin at the
 * fine-tuned model.
 *
 * <p><b>Measure.</b> Exactly, at the end: KL(posterior ‖ policy) and E reward − T · KL(policy ‖
 * model). And the variance of the gradient over batches of eight, summed over logits, with and
 * without the baseline: at the fine-tuned model, at places on BRAIn's own way, and, where nothing
 * is claimed, far from both.
 *
 * @param prompts how many
 * @param responses to each
 * @param temperature T
 * @param n samples of a prompt in a step, even
 * @param steps down the gradient
 * @param rate of a step, for a prompt
 * @param batches for the variance
 */
public record PosteriorMatching(
    int prompts, int responses, double temperature, int n, int steps, double rate, int batches)
    implements Experiment {
  public static final PosteriorMatching DEFAULT =
      new PosteriorMatching(10, 50, 0.5, 16, 300, 1, 2000);

  private static final int POINTS = 6;
  private static final int SMALL = 8;
  private static final double FAR = 2;

  @Override
  public int system() {
    return 23;
  }

  @Override
  public String name() {
    return "posterior-matching";
  }

  @Override
  public String title() {
    return "Distance to the exact posterior of BRAIn, of DPO on pairs of the same samples, and of"
        + " BRAIn without its baseline";
  }

  @Override
  public String tuning() {
    return "Temperature and rate were set beforehand; seeds 1001 to 1010 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "steps",
        IntStream.rangeClosed(0, POINTS)
            .map(i -> i * steps / POINTS)
            .mapToObj(Double::valueOf)
            .toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (String other : List.of("dpo", "no baseline")) {
      String named = other.equals("dpo") ? "DPO on the same samples" : "the loss without baseline";
      String key = other.replace(' ', '-');
      claims.add(
          Claim.below(
              "nearer-than-" + key,
              "it ends nearer the posterior than " + named,
              "brain KL",
              other + " KL"));
      claims.add(
          Claim.above(
              "more-value-than-" + key,
              "and earns more reward less T times KL than " + named,
              "brain value",
              other + " value"));
    }
    for (String place : List.of("at the model", "half way", "at the end")) {
      claims.add(
          Claim.below(
              "less-noise-" + place.replace(' ', '-'),
              "its gradient varies less than without the baseline, " + place,
              "log variance " + place,
              "log variance without " + place));
    }
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new PosteriorMatching(3, 20, temperature, n, 60, rate, 200);
  }

  /** How an arm makes a loss of what it drew. */
  private enum Arm {
    BRAIN("brain"),
    DPO("dpo"),
    NO_BASELINE("no baseline");

    private final String says;

    Arm(String says) {
      this.says = says;
    }

    /** The mean over prompts, of samples {@code [prompts, n]} under policy and model. */
    Tensor loss(Tensor now, Tensor model, Tensor rewards, double temperature) {
      return switch (this) {
        case BRAIN -> new Brain(temperature, false).loss(now, model, model, rewards);
        case DPO ->
            new Brain(1, true)
                .loss(
                    now.reshape(-1, 2),
                    model.reshape(-1, 2),
                    model.reshape(-1, 2),
                    rewards.reshape(-1, 2));
        case NO_BASELINE -> {
          Tensor a = new Brain(temperature, false).targets(model, model, rewards);
          yield neg(mean(sum(mul(a, now), -1)));
        }
      };
    }
  }

  @Override
  public Outcome run(Seeds seeds) {
    SplittableRandom random = seeds.of("world");
    double[][] model = new double[prompts][responses];
    double[][] rewards = new double[prompts][responses];
    for (int x = 0; x < prompts; x++) {
      Arrays.setAll(model[x], y -> random.nextGaussian());
      Arrays.setAll(rewards[x], y -> random.nextGaussian());
    }
    Bandit bandit = new Bandit(Softmax.of(model), rewards, rewards);
    double[][] posterior = bandit.optimum(rewards, temperature);
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (Arm arm : Arm.values()) {
      List<Double> curve = new ArrayList<>();
      List<double[][]> way = train(arm, bandit, posterior, seeds.of("samples"), curve);
      double[][] end = way.getLast();
      curves.put(arm.says, curve);
      figures.put(arm.says + " KL", curve.getLast());
      figures.put(arm.says + " value", bandit.value(end, rewards, temperature));
      figures.put(arm.says + " reward", bandit.gold(end));
      if (arm == Arm.BRAIN) {
        noise(bandit, "at the model", bandit.base(), figures, seeds.of("noise"));
        noise(bandit, "half way", way.get(POINTS / 2), figures, seeds.of("noise"));
        noise(bandit, "at the end", end, figures, seeds.of("noise"));
      }
    }
    SplittableRandom anywhere = seeds.of("far");
    double[][] far = new double[prompts][responses];
    for (double[] row : far) {
      Arrays.setAll(row, y -> FAR * anywhere.nextGaussian());
    }
    noise(bandit, "far away", Softmax.of(far), figures, seeds.of("noise"));
    figures.put("best value", bandit.value(posterior, rewards, temperature));
    return new Outcome(figures, curves);
  }

  /** The policies at the axis's points. */
  private List<double[][]> train(
      Arm arm, Bandit bandit, double[][] posterior, SplittableRandom random, List<Double> curve) {
    TensorPolicy policy = TensorPolicy.table(bandit.base());
    double[] rewards = Arrays.stream(bandit.gold()).flatMapToDouble(Arrays::stream).toArray();
    List<double[][]> way = new ArrayList<>();
    for (int step = 0; step <= steps; step++) {
      if (step * POINTS % steps == 0) {
        double[][] now = policy.probabilities();
        way.add(now);
        curve.add(Divergence.kl(posterior, now));
      }
      if (step == steps) {
        break;
      }
      long[] places = new long[prompts * n];
      Arrays.setAll(
          places, i -> i / n * responses + TablePolicy.draw(bandit.base()[i / n], random));
      policy.descend(
          logProbs -> {
            Tensor at = Tensor.create(places);
            return arm.loss(
                rows(logProbs, at).reshape(prompts, n),
                rows(Tensor.create(policy.reference()), at).reshape(prompts, n),
                rows(Tensor.create(rewards), at).reshape(prompts, n),
                temperature);
          },
          rate * prompts);
    }
    return way;
  }

  /**
   * The variance of the gradient in a prompt's logits over batches, summed over logits, its mean
   * over prompts; as a logarithm. At the policy's logits a sample's log-probability moves its own
   * logit by 1 and all by −policy.
   */
  private void noise(
      Bandit bandit,
      String place,
      double[][] policy,
      Map<String, Double> figures,
      SplittableRandom random) {
    for (Arm arm : List.of(Arm.BRAIN, Arm.NO_BASELINE)) {
      SplittableRandom draws = random.split();
      double variance = 0;
      for (int x = 0; x < prompts; x++) {
        variance += variance(arm, bandit, x, policy[x], draws) / prompts;
      }
      String without = arm == Arm.BRAIN ? "" : "without ";
      figures.put("log variance " + without + place, Math.log(variance));
    }
  }

  private double variance(Arm arm, Bandit bandit, int x, double[] policy, SplittableRandom random) {
    int[] drawn = new int[batches * SMALL];
    Arrays.setAll(drawn, i -> TablePolicy.draw(bandit.base()[x], random));
    double[] slopes;
    try (Scope scope = Scope.training()) {
      Tensor now = samples(drawn, y -> Math.log(policy[y])).set_requires_grad(true);
      Tensor model = samples(drawn, y -> Math.log(bandit.base()[x][y]));
      Tensor rewards = samples(drawn, y -> bandit.gold()[x][y]);
      mul(batches, arm.loss(now, model, rewards, temperature)).backward();
      slopes = doubles(now.grad());
    }
    double[] average = new double[responses];
    double square = 0;
    for (int b = 0; b < batches; b++) {
      double[] gradient = new double[responses];
      double all = 0;
      for (int i = b * SMALL; i < (b + 1) * SMALL; i++) {
        gradient[drawn[i]] += slopes[i];
        all += slopes[i];
      }
      for (int y = 0; y < responses; y++) {
        gradient[y] -= all * policy[y];
        square += gradient[y] * gradient[y] / batches;
        average[y] += gradient[y] / batches;
      }
    }
    return square - Arrays.stream(average).map(g -> g * g).sum();
  }

  private Tensor samples(int[] drawn, IntToDoubleFunction of) {
    return Tensor.create(Arrays.stream(drawn).mapToDouble(of).toArray()).reshape(batches, SMALL);
  }
}
