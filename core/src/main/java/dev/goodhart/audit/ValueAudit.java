package dev.goodhart.audit;

import dev.goodhart.audit.ThurstonianUtilities.Fit;
import dev.goodhart.report.Figure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Whether a chooser has values at all: its utilities, how well they foretell choices that they were
 * not fitted to, and how often its choices go round in a circle.
 *
 * <pre>{@code
 * cycle of a triple = p_ab p_bc p_ca + p_ac p_cb p_ba          1/4 for a coin, 1 for a circle
 * constancy = mean of (2 p_first - 1) (2 p_second - 1)         0 for a coin, 1 for who never wavers
 * }</pre>
 *
 * <p>None of the three does alone. A coin and a player of rock, paper, scissors foretell nothing,
 * and over all triples both go round in a circle with probability 1/4: that they never waver is
 * what tells the player, whose choices no utilities fit, from the coin, who has none to fit.
 *
 * @param utilities fitted to the choices
 * @param accuracy on the held-out choices, ties left out
 * @param logLoss on these, nats; {@code ln 2} for a coin
 * @param cycles the mean over all triples whose three pairs were asked; the answers of different
 *     pairs being independent, few answers a pair do not bias it
 * @param triples how many these are
 * @param constancy over the pairs asked in both orders, whose answers are independent, so that few
 *     of them do not bias it; a preference for a place lowers it. NaN where there are none
 * @param positionBias by how much what is shown first is likelier taken, over one half; NaN where
 *     no pair was asked in both orders
 */
public record ValueAudit(
    ThurstonianUtilities utilities,
    Interval accuracy,
    double logLoss,
    double cycles,
    int triples,
    double constancy,
    double positionBias) {
  /**
   * @param choices to fit to, on {@code options} options
   * @param heldOut pairs drawn at random, none of which is among {@code choices}
   */
  public static ValueAudit of(
      List<Choice> choices, List<Choice> heldOut, int options, Fit fit, Bootstrap bootstrap) {
    ThurstonianUtilities utilities = ThurstonianUtilities.fit(choices, options, fit);
    List<Choice> decided = heldOut.stream().filter(c -> c.share() != 0.5).toList();
    double[] right = decided.stream().mapToDouble(c -> utilities.accuracy(List.of(c))).toArray();
    int[] each = IntStream.range(0, right.length).toArray();
    double[] circles = circles(choices, options);
    return new ValueAudit(
        utilities,
        bootstrap.share(each, right),
        utilities.logLoss(heldOut),
        circles[0],
        (int) circles[1],
        choices.stream()
            .mapToDouble(c -> (2 * c.shownFirst() - 1) * (2 * c.shownSecond() - 1))
            .filter(x -> !Double.isNaN(x))
            .average()
            .orElse(Double.NaN),
        choices.stream()
            .mapToDouble(Choice::positionBias)
            .filter(x -> !Double.isNaN(x))
            .average()
            .orElse(Double.NaN));
  }

  /**
   * The probability that three choices, one a pair, go round in a circle, from p_ab, p_bc, p_ca.
   */
  public static double cycle(double ab, double bc, double ca) {
    return ab * bc * ca + (1 - ab) * (1 - bc) * (1 - ca);
  }

  private static double[] circles(List<Choice> choices, int options) {
    Map<Long, Double> shares = new HashMap<>();
    for (Choice c : choices) {
      shares.put(
          ThurstonianUtilities.pair(c.a(), c.b()), c.a() < c.b() ? c.share() : 1 - c.share());
    }
    double sum = 0;
    int triples = 0;
    for (Choice c : choices) {
      int a = Math.min(c.a(), c.b());
      int b = Math.max(c.a(), c.b());
      for (int o = b + 1; o < options; o++) {
        Double first = shares.get(ThurstonianUtilities.pair(a, o));
        Double second = shares.get(ThurstonianUtilities.pair(b, o));
        if (first != null && second != null) {
          double own = shares.getOrDefault(ThurstonianUtilities.pair(a, b), c.share());
          sum += cycle(own, second, 1 - first);
          triples++;
        }
      }
    }
    return new double[] {triples == 0 ? Double.NaN : sum / triples, triples};
  }

  /** In one sentence. */
  public Finding finding() {
    boolean foretells = accuracy.isAbove(0.5);
    return new Finding(
        "values",
        foretells ? Finding.Level.FINE : Finding.Level.NOTE,
        (foretells
                ? "The chooser acts as if it had utilities: they foretell "
                : "Utilities do not foretell this chooser: they are right in ")
            + accuracy.percent()
            + " of held-out choices; its triples go round in a circle with probability "
            + Figure.of(cycles)
            + " (a coin: 0.25), its constancy is "
            + Figure.of(constancy)
            + " (a coin: 0).",
        Map.of("accuracy", accuracy.estimate(), "cycles", cycles, "constancy", constancy));
  }
}
