package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The welfare of several sides as a product: GTAlign's reward, in which what one side gets counts
 * the more the less the other has, so that neither can be served at the whole cost of the other.
 * For a user's interest against the assistant's (or operator's) own: length, compute, format.
 *
 * <pre>{@code
 * R = prod_i max(r_i, floor)^share_i              sqrt(U L) for two equal shares
 * d log R / d r_i = share_i / r_i                  along which the shares trade
 * }</pre>
 *
 * <p>Among straight trade-offs {@code r_1 / a + r_2 / b = 1} it chooses {@code r_1 = a share_1} of
 * shares that sum to 1, where a sum goes to a corner. On frontiers that bulge outwards a sum finds
 * the middle as well, and the product has no advantage.
 *
 * <p>A product needs positive factors: two negative ones would make a good reward. Whatever is
 * below the floor stands at it, where it has no gradient of its own and takes nearly all of the
 * others'; shift a reward that is often negative first. The published arms are normalised per data
 * source, since a product of other tasks' scores has no common unit: standardise advantages by
 * batch. Deviations add in quadrature, each as {@code R share_i / r_i} times its own. Unscored as
 * soon as one side is; GTAlign gives 0 where a response does not parse, which is {@code floor} of a
 * signal that says 0.
 *
 * @param sides by name, at least one
 * @param floor what counts at least, above 0, in the unit of the sides
 */
@Method(id = 171, source = "arXiv 2510.08872, github.com/ulab-uiuc/GTAlign")
public record CobbDouglas(Map<String, Side> sides, @Default("1e-4") double floor)
    implements Combine {
  /**
   * One whose welfare counts.
   *
   * @param of a signal or a combination of signals
   * @param share the exponent, above 0
   */
  public record Side(Combine of, @Default("0.5") double share) {
    public Side {
      if (!(share > 0 && Double.isFinite(share))) {
        throw new IllegalArgumentException("share must be finite and above 0, not " + share);
      }
    }
  }

  public CobbDouglas {
    sides = Collections.unmodifiableMap(new LinkedHashMap<>(sides));
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("sides needs at least one");
    }
    if (!(floor > 0 && Double.isFinite(floor))) {
      throw new IllegalArgumentException("floor must be finite and above 0, not " + floor);
    }
  }

  /**
   * The formula.
   *
   * @param values of the sides
   * @param shares of the same
   */
  public static double of(double[] values, double[] shares, double floor) {
    double log = 0;
    for (int i = 0; i < values.length; i++) {
      log += shares[i] * Math.log(Math.max(values[i], floor));
    }
    return Math.exp(log);
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    double[] values = new double[sides.size()];
    double[] shares = new double[sides.size()];
    double relative = 0;
    boolean uncertain = false;
    int i = 0;
    for (Side side : sides.values()) {
      switch (side.of().of(parts)) {
        case Unscored missing -> {
          return missing;
        }
        case Scored scored -> {
          shares[i] = side.share();
          values[i++] = scored.value();
          if (scored.deviation().isPresent()) {
            uncertain = true;
            double slope = scored.value() > floor ? side.share() / scored.value() : 0;
            relative += Math.pow(slope * scored.deviation().getAsDouble(), 2);
          }
        }
      }
    }
    double welfare = of(values, shares, floor);
    return new Scored(
        welfare,
        uncertain ? OptionalDouble.of(welfare * Math.sqrt(relative)) : OptionalDouble.empty(),
        Map.of());
  }

  @Override
  public Set<String> parts() {
    Set<String> all = new LinkedHashSet<>();
    sides.values().forEach(side -> all.addAll(side.of().parts()));
    return all;
  }
}
