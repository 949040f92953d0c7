package dev.goodhart.lab.experiment;

import dev.goodhart.audit.JudgeScaling;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;

/**
 * System 58: when do more draws help, by a judge that is wrong, and can the number to stop at be
 * told from a few prompts?
 *
 * <p><b>World.</b> A linear teacher, noisy data and Bayesian regression: for each question the
 * model answers with a draw from its posterior predictive distribution, whose bias and deviation
 * are known. Draws are picked by {@code exp(-(y - y_R)² / T)}. <b>Judges.</b> One that knows the
 * truth; one that errs at random by three deviations; one that shares the model's error twice over;
 * and one that makes up for it. <b>Baselines.</b> A single draw, as many draws as can be afforded,
 * four times the data.
 *
 * @param dimension of the teacher
 * @param data examples a dimension
 * @param questions how many, even
 * @param temperature T in units of the mean variance of draws
 * @param most draws that can be afforded
 */
public record JudgedRegression(
    int dimension, double data, int questions, double temperature, int most) implements Experiment {
  public static final JudgedRegression DEFAULT = new JudgedRegression(40, 0.5, 40, 4, 256);

  private static final double NOISE = 0.3;
  private static final int[] DRAWS = {1, 2, 4, 8, 16, 64, 256};

  /** What the model makes of a question, and where the judge that errs at random would go. */
  record Question(double bias, double deviation, double chance) {}

  @Override
  public int system() {
    return 58;
  }

  @Override
  public String name() {
    return "judged-regression";
  }

  @Override
  public String title() {
    return "The error of one draw among k, picked by judges that are wrong in different ways";
  }

  @Override
  public String tuning() {
    return "The judge that errs at random was given three deviations so that more draws come to"
        + " hurt, by the closed form, and errs on each question for itself since one direction for"
        + " all left a claim open under seeds 1001 to 1010.";
  }

  @Override
  public Axis axis() {
    return new Axis("draws", Arrays.stream(draws()).mapToObj(k -> (double) k).toList());
  }

  private int[] draws() {
    return Arrays.stream(DRAWS).filter(k -> k <= most).toArray();
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.below(
            "a-right-judge-keeps-helping",
            "with a judge that knows the truth the most draws are better than eight",
            "true, most",
            "true, eight"),
        Claim.below(
            "a-wrong-judge-has-a-best-number",
            "with a judge that errs at random some number of draws is better than the most",
            "random, best",
            "random, most"),
        Claim.below(
            "and-better-than-one", "and better than a single draw", "random, best", "random, one"),
        Claim.above(
            "a-judge-that-shares-the-error-hurts",
            "a judge that shares the model's error makes the most draws worse than one",
            "shared, most",
            "shared, one"),
        Claim.below(
            "the-best-judge-is-not-the-truth",
            "a judge that makes up for the model's error is better than the truth",
            "made up, most",
            "true, most"),
        Claim.below(
            "a-best-temperature",
            "the judge that errs at random is better at ten variances than at four",
            "random, ten",
            "random, most"),
        Claim.below(
            "and-not-hotter", "and than at two hundred", "random, ten", "random, two hundred"),
        Claim.below(
            "told-from-half-of-the-questions",
            "the number to stop at, computed from half of the questions, is better on the others"
                + " than the most draws",
            "told, others",
            "most, others"),
        Claim.below(
            "told-over-one", "and better than a single draw", "told, others", "one, others"),
        Claim.below(
            "draws-over-data",
            "the nearest of 16 draws is better than one draw after four times the data",
            "nearest of 16",
            "four times the data"),
        Claim.equal(
            "as-computed",
            "the closed form is what drawing and picking gives, as a ratio",
            "simulated over closed form",
            "one",
            0.02));
  }

  @Override
  public Experiment smoke() {
    return new JudgedRegression(10, data, 6, temperature, 64);
  }

  @Override
  public Outcome run(Seeds seeds) {
    List<Question> asked = regression(1, seeds);
    double variance =
        asked.stream().mapToDouble(q -> q.deviation * q.deviation).average().orElseThrow();
    double t = temperature * variance;
    double tau = 2 / temperature;
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    int[] draws = draws();
    Map<String, List<JudgeScaling>> judges = new LinkedHashMap<>();
    judges.put("true", judge(asked, q -> 0));
    judges.put("random", judge(asked, q -> 3 * asked.get(q).deviation * asked.get(q).chance));
    judges.put("shared", judge(asked, q -> 2 * asked.get(q).bias));
    judges.put("made up", judge(asked, q -> -asked.get(q).bias / tau));
    for (var judge : judges.entrySet()) {
      double[] curve = mean(judge.getValue(), draws, t);
      curves.put(judge.getKey(), Arrays.stream(curve).boxed().toList());
      figures.put(judge.getKey() + ", one", curve[0]);
      figures.put(judge.getKey() + ", eight", curve[Arrays.binarySearch(draws, 8)]);
      figures.put(judge.getKey() + ", most", curve[curve.length - 1]);
    }
    List<JudgeScaling> random = judges.getOrDefault("random", List.of());
    figures.put("random, best", JudgeScaling.stop(random, t, most).error());
    figures.put("random, ten", mean(random, new int[] {most}, 10 * variance)[0]);
    figures.put("random, two hundred", mean(random, new int[] {most}, 200 * variance)[0]);

    int told = JudgeScaling.stop(random.subList(0, questions / 2), t, most).draws();
    List<JudgeScaling> others = random.subList(questions / 2, questions);
    double[] after = mean(others, new int[] {1, told, most}, t);
    figures.put("one, others", after[0]);
    figures.put("told, others", after[1]);
    figures.put("most, others", after[2]);

    figures.put("nearest of 16", mean(judges.getOrDefault("true", List.of()), j -> j.best(16)));
    figures.put(
        "four times the data", mean(judge(regression(4, seeds), q -> 0), JudgeScaling::single));
    SplittableRandom picks = seeds.of("picks");
    double simulated = mean(random, j -> j.simulated(8, t, 2_000, picks));
    figures.put("simulated over closed form", simulated / mean(random, new int[] {8}, t)[0]);
    figures.put("one", 1.0);
    return new Outcome(figures, curves);
  }

  private static List<JudgeScaling> judge(List<Question> asked, IntToDoubleFunction shift) {
    List<JudgeScaling> judged = new ArrayList<>();
    for (int q = 0; q < asked.size(); q++) {
      Question question = asked.get(q);
      judged.add(new JudgeScaling(question.bias, question.deviation, shift.applyAsDouble(q)));
    }
    return judged;
  }

  private static double[] mean(List<JudgeScaling> questions, int[] draws, double t) {
    double[] mean = new double[draws.length];
    for (JudgeScaling question : questions) {
      double[] curve = question.curve(draws, t);
      for (int j = 0; j < draws.length; j++) mean[j] += curve[j] / questions.size();
    }
    return mean;
  }

  private static double mean(
      List<JudgeScaling> questions, java.util.function.ToDoubleFunction<JudgeScaling> error) {
    return questions.stream().mapToDouble(error).average().orElseThrow();
  }

  /**
   * Bayesian regression with prior N(0, I) on the data and as many times more of it.
   *
   * <pre>{@code
   * P = X'X / (d noise²) + I,   w = P^-1 X'y / (sqrt(d) noise²)
   * m(x) = w.x / sqrt(d),   s²(x) = x' P^-1 x / d
   * }</pre>
   */
  List<Question> regression(int times, Seeds seeds) {
    double[] teacher = gaussians(seeds.of("teacher"));
    SplittableRandom examples = seeds.of("examples");
    int n = (int) Math.round(data * dimension) * times;
    double[][] precision = new double[dimension][dimension];
    double[] pull = new double[dimension];
    for (int i = 0; i < dimension; i++) precision[i][i] = 1;
    double weight = 1 / (dimension * NOISE * NOISE);
    for (int e = 0; e < n; e++) {
      double[] x = gaussians(examples);
      double y = dot(teacher, x) / Math.sqrt(dimension) + NOISE * examples.nextGaussian();
      for (int i = 0; i < dimension; i++) {
        pull[i] += weight * Math.sqrt(dimension) * y * x[i];
        for (int j = 0; j < dimension; j++) precision[i][j] += weight * (x[i] * x[j]);
      }
    }
    DecompositionSolver solver =
        new CholeskyDecomposition(new Array2DRowRealMatrix(precision)).getSolver();
    double[] learnt = solver.solve(new ArrayRealVector(pull)).toArray();
    SplittableRandom asks = seeds.of("questions");
    List<Question> asked = new ArrayList<>();
    for (int q = 0; q < questions; q++) {
      double[] x = gaussians(asks);
      double[] spread = solver.solve(new ArrayRealVector(x)).toArray();
      asked.add(
          new Question(
              (dot(learnt, x) - dot(teacher, x)) / Math.sqrt(dimension),
              Math.sqrt(dot(x, spread) / dimension),
              asks.nextGaussian()));
    }
    return asked;
  }

  private double[] gaussians(SplittableRandom random) {
    double[] x = new double[dimension];
    Arrays.setAll(x, i -> random.nextGaussian());
    return x;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  }
}
