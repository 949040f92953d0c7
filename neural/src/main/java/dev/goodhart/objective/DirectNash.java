package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.neg;
import static dev.goodhart.neural.engine.Ops.sigmoid;
import static dev.goodhart.neural.engine.Ops.softplus;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Direct Nash optimisation: improves a policy in rounds by how often its responses win against its
 * own, for preferences that no reward can say, as they go in circles. What it tends to is a policy
 * that nothing beats on average.
 *
 * <pre>{@code
 * r(y)  = mean over y' of the policy before of P(y over y')                  in [0, 1]
 * D     = η · (log policy/before of the first − of the second)
 * cost  = −s · log σ(D) − (1 − s) · log σ(−D),    s = σ(r(first) − r(second))
 * }</pre>
 *
 * <p>in nats. {@code before} is the policy at the beginning of the round, drawn from and given as
 * the reference, never the first round's. Least at D = r(first) − r(second) for every pair, which
 * is {@code policy ∝ before · exp(r / η)}: here η multiplies log-ratios, as β in DPO, there it
 * divides. After T rounds from an even policy over K responses the <b>average</b> of the policies
 * is beaten by nothing more often than {@code ½ + η · ln K / T + 1/(8η)}; the last one may go in
 * circles for ever, so keep the average (a mixture of what they say, not of weights) or the round
 * that did best.
 *
 * <p>The practical form replaces s by 1 on pairs whose win rates are {@link #pairs margin} apart:
 * {@code of}, DPO's formula. Win rates differ by at most 1, so pairs must be clear for that.
 *
 * @param eta η, above 0
 * @param margin by how much win rates of a pair must differ in the practical form, in (0, 1]
 */
@Method(id = 74, name = "dno", source = "arXiv 2404.03715")
public record DirectNash(@Default("0.1") double eta, @Default("0.3") double margin)
    implements PreferenceObjective {
  public DirectNash {
    Expect.positive("eta", eta);
    if (!(margin > 0 && margin <= 1)) {
      throw new IllegalArgumentException("margin must lie in (0, 1], not " + margin);
    }
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    return softplus(neg(mul(eta, pairs.margin())));
  }

  /**
   * The mean cost with soft labels, a scalar; the order in a pair means nothing.
   *
   * @param first win rates of the first responses (in the chosen's place), {@code [batch]}
   * @param second of the others
   * @param weight how often each pair was drawn, {@code [batch]}
   */
  public Tensor loss(PreferenceBatch pairs, Tensor first, Tensor second, Tensor weight) {
    Tensor s = sigmoid(sub(first, second)).detach();
    return loss(pairs, PairLabels.preferred(pairs.chosen()).withProbability(s).withWeight(weight));
  }

  /**
   * How often each of a prompt's responses won against the others.
   *
   * @param wins of the row's over the column's response: 1, 0, or ½ for a tie; a judge's
   *     probability likewise. The diagonal means nothing
   * @return {@code [n]}, in [0, 1]
   */
  public static double[] winRates(double[][] wins) {
    int n = wins.length;
    if (n < 2) throw new IllegalArgumentException("win rates need two responses, not " + n);
    double[] rates = new double[n];
    for (int i = 0; i < n; i++) {
      if (wins[i].length != n) {
        throw new IllegalArgumentException(
            "wins must be square: row " + i + " of " + n + " has " + wins[i].length);
      }
      for (int j = 0; j < n; j++) {
        if (i == j) continue;
        if (!(wins[i][j] >= 0 && wins[i][j] <= 1)) {
          throw new IllegalArgumentException(
              "wins[" + i + "][" + j + "] must lie in [0, 1], not " + wins[i][j]);
        }
        rates[i] += wins[i][j] / (n - 1);
      }
    }
    return rates;
  }

  /**
   * The pairs to learn from in the practical form.
   *
   * @param chosen the response with the higher win rate
   */
  public record Chosen(int chosen, int rejected) {}

  /** All pairs that are at least the margin apart. */
  public List<Chosen> pairs(double[] winRates) {
    List<Chosen> pairs = new ArrayList<>();
    for (int i = 0; i < winRates.length; i++) {
      for (int j = 0; j < winRates.length; j++) {
        if (winRates[i] - winRates[j] >= margin) pairs.add(new Chosen(i, j));
      }
    }
    return pairs;
  }
}
