package dev.goodhart.audit;

import dev.goodhart.combine.ConservativeEnsemble;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Several rewards as one: mean, worst case and uncertainty-weighted. Each member is first brought
 * to mean 0 and deviation 1 over all responses of the set; otherwise the minimum would always be
 * the member with the lowest offset, and the mean would listen to the one with the largest scale. A
 * response that a member has not scored is unscored.
 */
final class Ensembles {
  /** The weight of the variance for best-of-n that system 7 uses, on standardised scores. */
  static final double LAMBDA = 0.5;

  /** The median says what the mean does, mean less deviation what mean less variance does. */
  private static final List<ConservativeEnsemble.Objective> RULES =
      List.of(
          ConservativeEnsemble.Objective.MEAN,
          ConservativeEnsemble.Objective.WCO,
          ConservativeEnsemble.Objective.UWO);

  static List<Scores> of(List<Scores> members) {
    if (members.size() < 2) {
      return List.of();
    }
    double[][] scaled =
        members.stream().map(m -> m.standardised().values()).toArray(double[][]::new);
    List<Scores> ensembles = new ArrayList<>();
    for (ConservativeEnsemble.Objective objective : RULES) {
      ConservativeEnsemble rule = new ConservativeEnsemble(List.of("members"), objective, LAMBDA);
      double[] values = new double[scaled[0].length];
      double[] one = new double[scaled.length];
      int missing = 0;
      for (int i = 0; i < values.length; i++) {
        boolean known = true;
        for (int m = 0; m < scaled.length; m++) {
          one[m] = scaled[m][i];
          known &= !Double.isNaN(one[m]);
        }
        values[i] = known ? rule.score(one) : Double.NaN;
        missing += known ? 0 : 1;
      }
      double[] none = new double[values.length];
      java.util.Arrays.fill(none, Double.NaN);
      ensembles.add(
          new Scores(
              title(objective),
              values,
              none,
              scaled,
              missing == 0 ? Map.of() : Map.of("a member has no score", missing)));
    }
    return ensembles;
  }

  private static String title(ConservativeEnsemble.Objective objective) {
    return switch (objective) {
      case MEAN -> "ensemble mean";
      case WCO -> "ensemble worst case";
      case UWO -> "ensemble mean - " + LAMBDA + " variance";
      default -> throw new IllegalArgumentException("no rule of an audit: " + objective);
    };
  }

  private Ensembles() {}
}
