package dev.goodhart.lab.experiment;

import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.Appeals;
import dev.goodhart.transform.Appeals.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * System 191, the estimate alone: do appeals recover the rate at which a verifier rejects right
 * answers, with intervals that can be believed?
 *
 * <p><b>World.</b> Many verifiers, each with rho0 drawn from [0, 0.3] and rho1 from [0.05, 0.6], on
 * answers that are right in 20 to 80 % of the cases; a tenth of the rejections is appealed to a
 * judge that does not err. rho0 is known.
 *
 * <p><b>Method.</b> {@link Appeals}. <b>Baselines.</b> The overturned share of the appeals as it
 * is, and the published formula with no wrong answer assumed among the accepted.
 *
 * <p><b>Measure.</b> The mean absolute error of rho1 by the number of answers seen; the mean error;
 * the share of 95 % intervals that hold the true rate.
 *
 * @param verifiers how many
 * @param answers in each step
 * @param share of the rejections appealed
 */
public record AppealedRates(int verifiers, int answers, double share) implements Experiment {
  public static final AppealedRates DEFAULT = new AppealedRates(400, 200, 0.1);

  private static final List<Integer> STEPS = List.of(1, 5, 20, 50);

  @Override
  public int system() {
    return 191;
  }

  @Override
  public String name() {
    return "appealed-rates";
  }

  @Override
  public String title() {
    return "False-negative rates of verifiers, estimated from appeals of a share of their"
        + " rejections";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1004 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("answers", STEPS.stream().map(s -> (double) s * answers).toList());
  }

  @Override
  public List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (int steps : STEPS) {
      claims.add(
          Claim.equal(
              "coverage-" + steps,
              "of the 95 %% intervals after %d answers 95 %% hold the true rate (within 3 points)"
                  .formatted(steps * answers),
              "coverage " + steps,
              "nominal",
              0.03));
    }
    claims.add(
        Claim.equal(
            "unbiased",
            "after %d answers the mean error is 0 (within 0.01)"
                .formatted(STEPS.getLast() * answers),
            "error",
            "zero",
            0.01));
    claims.add(
        Claim.equal(
            "faded",
            "with counts that fade by 0.9 a step the mean error is 0 as well (within 0.02)",
            "faded error",
            "zero",
            0.02));
    claims.add(
        Claim.below(
            "nearer-than-overturned-share",
            "the estimate is nearer to the truth than the overturned share of the appeals",
            "estimate",
            "overturned"));
    claims.add(
        Claim.below(
            "nearer-than-published",
            "the estimate is nearer than the published formula with no wrong answer assumed among"
                + " the accepted",
            "estimate",
            "published"));
    return claims;
  }

  @Override
  public Experiment smoke() {
    return new AppealedRates(20, answers, share);
  }

  @Override
  public Outcome run(Seeds seeds) {
    int points = STEPS.size();
    double[] errors = new double[points];
    double[] overturnedErrors = new double[points];
    double[] publishedErrors = new double[points];
    double[] covered = new double[points];
    double bias = 0;
    double fadedBias = 0;
    for (int v = 0; v < verifiers; v++) {
      SplittableRandom random = seeds.of("verifier", v);
      double rho0 = 0.3 * random.nextDouble();
      double rho1 = 0.05 + 0.55 * random.nextDouble();
      double right = 0.2 + 0.6 * random.nextDouble();
      Appeals kept = new Appeals(share, 1, rho0);
      Appeals faded = new Appeals(share, 0.9, rho0);
      int[] all = new int[4];
      for (int step = 1; step <= STEPS.getLast(); step++) {
        int[] counts = judged(rho0, rho1, right, kept, random);
        kept.step(counts[0], counts[1], counts[2], counts[3]);
        faded.step(counts[0], counts[1], counts[2], counts[3]);
        for (int i = 0; i < all.length; i++) {
          all[i] += counts[i];
        }
        int p = STEPS.indexOf(step);
        if (p >= 0) {
          Estimate estimate = kept.estimate();
          errors[p] += Math.abs(estimate.rate() - rho1) / verifiers;
          covered[p] += estimate.low() <= rho1 && rho1 <= estimate.high() ? 1.0 / verifiers : 0;
          double overturned = all[2] == 0 ? 0 : all[3] / (double) all[2];
          double lost = overturned * all[1];
          overturnedErrors[p] += Math.abs(overturned - rho1) / verifiers;
          publishedErrors[p] +=
              Math.abs((lost == 0 ? 0 : lost / (lost + all[0])) - rho1) / verifiers;
        }
      }
      bias += (kept.channel().falseNegative() - rho1) / verifiers;
      fadedBias += (faded.channel().falseNegative() - rho1) / verifiers;
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int p = 0; p < points; p++) {
      figures.put("coverage " + STEPS.get(p), covered[p]);
    }
    figures.put("nominal", 0.95);
    figures.put("zero", 0.0);
    figures.put("error", bias);
    figures.put("faded error", fadedBias);
    figures.put("estimate", errors[points - 1]);
    figures.put("overturned", overturnedErrors[points - 1]);
    figures.put("published", publishedErrors[points - 1]);
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    curves.put("appeals", boxed(errors));
    curves.put("overturned share", boxed(overturnedErrors));
    curves.put("published, none assumed", boxed(publishedErrors));
    return new Outcome(figures, curves);
  }

  /** Accepted, rejected, appealed, overturned. */
  private int[] judged(
      double rho0, double rho1, double right, Appeals appeals, SplittableRandom random) {
    int[] counts = new int[4];
    for (int i = 0; i < answers; i++) {
      boolean isRight = random.nextDouble() < right;
      boolean accepted = random.nextDouble() < (isRight ? 1 - rho1 : rho0);
      counts[accepted ? 0 : 1]++;
      if (!accepted && appeals.drawn(random)) {
        counts[2]++;
        counts[3] += isRight ? 1 : 0;
      }
    }
    return counts;
  }

  private static List<Double> boxed(double[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }
}
