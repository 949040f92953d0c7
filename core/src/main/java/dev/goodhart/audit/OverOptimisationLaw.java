package dev.goodhart.audit;

import dev.goodhart.Method;
import dev.goodhart.audit.exact.BestOfN;
import dev.goodhart.report.Figure;
import java.util.Arrays;
import java.util.Map;

/**
 * Where a run's true reward peaks and how far past that it is, from a law with two constants that
 * is fitted to its checkpoints. For when the gold reward, or a win rate, was measured at a few
 * checkpoints and the question is when one should have stopped, or how far one may still go.
 *
 * <pre>{@code
 * d = sqrt(KL(policy || reference))
 * logarithmic   R(d) = d (a - b ln d)      peak at d = exp(a/b - 1), of b d
 * linear        R(d) = d (a - b d)         peak at d = a / 2b,       of a² / 4b
 * in-kl         R(d) = d² (a - b d²)       peak at d² = a / 2b,      of a² / 4b
 * }</pre>
 *
 * <p>R is the gain over the reference, 0 at d = 0: subtract the reference's own gold, or 1/2 from a
 * win rate against it. The first form was published for reinforcement learning and for direct
 * alignment (DPO, IPO, SLiC), the second for best-of-n, the third is what one would try without a
 * theory. Each is linear in a and b, so the fit is least squares in closed form, without an
 * intercept. Which form describes a run is a question to its residuals: {@link #fit} each and
 * compare {@link #rmse}; in the lab's world of direct alignment the second fits better than the
 * first.
 *
 * <p>Two constants and five points fit nearly anything: read {@link #peakInterval}. The divergence
 * must be an estimate on the policy's own samples, not on the preference data.
 *
 * <p>Source: arXiv 2406.02900; the forms are those of arXiv 2210.10760.
 *
 * @param form which curve
 * @param a gain of the first steps
 * @param b how it bends down; at most 0 where there is no peak
 * @param aError standard error of a, from the residuals
 * @param bError of b
 * @param rmse of the residuals, in units of R
 */
@Method(id = 8, source = "arXiv 2406.02900")
public record OverOptimisationLaw(
    Form form, double a, double b, double aError, double bError, double rmse) {
  /** A curve over the root of the divergence. */
  public enum Form {
    LOGARITHMIC,
    LINEAR,
    IN_KL;

    /** The two columns that a and b weigh. */
    private double[] columns(double kl) {
      double d = Math.sqrt(kl);
      return switch (this) {
        case LOGARITHMIC -> new double[] {d, kl == 0 ? 0 : -d * Math.log(d)};
        case LINEAR -> new double[] {d, -kl};
        case IN_KL -> new double[] {kl, -kl * kl};
      };
    }
  }

  /**
   * The law that fits best.
   *
   * @param kl divergence of each checkpoint from the reference, nats, at least 0; those at 0 say
   *     nothing and are passed over
   * @param gains of gold over the reference, {@code [checkpoints]}
   * @throws IllegalArgumentException for fewer than three checkpoints away from 0, or two different
   *     divergences
   */
  public static OverOptimisationLaw fit(Form form, double[] kl, double[] gains) {
    if (kl.length != gains.length) {
      throw new IllegalArgumentException(
          "kl [%d] and gains [%d] must match".formatted(kl.length, gains.length));
    }
    double uu = 0;
    double uv = 0;
    double vv = 0;
    double uy = 0;
    double vy = 0;
    int n = 0;
    for (int i = 0; i < kl.length; i++) {
      if (!(kl[i] >= 0 && Double.isFinite(kl[i]) && Double.isFinite(gains[i]))) {
        throw new IllegalArgumentException(
            "checkpoint %d: a divergence of at least 0 and a finite gain are needed, not %s and %s"
                .formatted(i, kl[i], gains[i]));
      }
      if (kl[i] == 0) {
        continue;
      }
      double[] x = form.columns(kl[i]);
      uu += x[0] * x[0];
      uv += x[0] * x[1];
      vv += x[1] * x[1];
      uy += x[0] * gains[i];
      vy += x[1] * gains[i];
      n++;
    }
    double determinant = uu * vv - uv * uv;
    if (n < 3 || !(determinant > 1e-12 * uu * vv)) {
      throw new IllegalArgumentException(
          "a law needs three checkpoints at different divergences above 0, not " + n);
    }
    double a = (vv * uy - uv * vy) / determinant;
    double b = (uu * vy - uv * uy) / determinant;
    double squares = 0;
    for (int i = 0; i < kl.length; i++) {
      if (kl[i] > 0) {
        double[] x = form.columns(kl[i]);
        double rest = gains[i] - a * x[0] - b * x[1];
        squares += rest * rest;
      }
    }
    double variance = squares / (n - 2);
    return new OverOptimisationLaw(
        form,
        a,
        b,
        Math.sqrt(variance * vv / determinant),
        Math.sqrt(variance * uu / determinant),
        Math.sqrt(squares / n));
  }

  /** The gain that the law says at a divergence. */
  public double at(double kl) {
    double[] x = form.columns(kl);
    return a * x[0] + b * x[1];
  }

  /**
   * The divergence of the peak in nats; infinite if the law never bends down, 0 if it only does.
   */
  public double peakKl() {
    if (!(b > 0)) {
      return a > 0 || form == Form.LOGARITHMIC ? Double.POSITIVE_INFINITY : 0;
    }
    return switch (form) {
      case LOGARITHMIC -> Math.exp(2 * (a / b - 1));
      case LINEAR -> a > 0 ? a / (2 * b) * (a / (2 * b)) : 0;
      case IN_KL -> a > 0 ? a / (2 * b) : 0;
    };
  }

  /** The gain at the peak. */
  public double peak() {
    double kl = peakKl();
    return Double.isFinite(kl) ? at(kl) : Double.POSITIVE_INFINITY;
  }

  /** How many responses best-of-n may choose from before it is at the peak; not whole. */
  public double peakN() {
    double kl = peakKl();
    return kl < 700 ? BestOfN.nAtKl(kl) : Double.POSITIVE_INFINITY;
  }

  /**
   * The peak's divergence with its uncertainty: the fit repeated on checkpoints drawn anew, whole
   * runs at a time. Replicates without two different divergences, or without a peak, are left out.
   *
   * @param run of each checkpoint, any numbers; those of one run stand and fall together
   */
  public static Interval peakInterval(
      Form form, double[] kl, double[] gains, int[] run, Bootstrap bootstrap) {
    return bootstrap.of(
        run,
        items -> {
          double[] x = Arrays.stream(items).mapToDouble(i -> kl[i]).toArray();
          double[] y = Arrays.stream(items).mapToDouble(i -> gains[i]).toArray();
          try {
            double peak = fit(form, x, y).peakKl();
            return Double.isFinite(peak) ? peak : Double.NaN;
          } catch (IllegalArgumentException tooFew) {
            return Double.NaN;
          }
        });
  }

  /** Where a run that is at a divergence stands, in one sentence: an alarm past the peak. */
  public Finding finding(double kl) {
    double top = peakKl();
    if (!Double.isFinite(top)) {
      return new Finding(
          "over-optimisation-law",
          Finding.Level.FINE,
          "The law fitted to these checkpoints has no peak.",
          Map.of("a", a, "b", b, "rmse", rmse));
    }
    double lost = peak() - at(kl);
    boolean past = kl > top;
    String says =
        past
            ? "At %s nats the run is %s times as far as where gold peaked, %s nats; stopping there was worth %s more."
                .formatted(
                    Figure.of(kl), Figure.of(Math.sqrt(kl / top)), Figure.of(top), Figure.of(lost))
            : "Gold is still rising at %s nats; the law says to stop at %s."
                .formatted(Figure.of(kl), Figure.of(top));
    return new Finding(
        "over-optimisation-law",
        past && lost > 2 * rmse ? Finding.Level.ALARM : Finding.Level.NOTE,
        says,
        Map.of("a", a, "b", b, "rmse", rmse, "peak-kl", top, "lost", lost));
  }
}
