package dev.goodhart.lab.experiment;

import dev.goodhart.audit.ActiveChoices;
import dev.goodhart.audit.ActiveChoices.Chooser;
import dev.goodhart.audit.Bootstrap;
import dev.goodhart.audit.Choice;
import dev.goodhart.audit.LogUtility;
import dev.goodhart.audit.ThurstonianUtilities;
import dev.goodhart.audit.ThurstonianUtilities.Fit;
import dev.goodhart.audit.ValueAudit;
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
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * System 140: does a random-utility model fitted to forced choices find the utilities of a chooser
 * that has some, and tell it from one that has none?
 *
 * <p><b>World.</b> Options with planted means from N(0, 1) and deviations from 0.3 to 0.8; and
 * apart from these two goods in ten amounts from 1 to 1000, worth 0.35 ln n - 1 and 0.25 ln n -
 * 0.7. A chooser answers ten times a pair, half in each order. <i>Planted:</i> by the model.
 * <i>Biased:</i> what is shown first is worth {@code bias} more. <i>Coin.</i> <i>Circle:</i> rock,
 * paper, scissors by the option's index, 0.9 each; a coin between two of one kind.
 *
 * <p><b>Baselines.</b> Pairs at random for the active choice; one order alone, the lower index
 * first, for both orders; the planted utilities themselves for the fitted ones.
 *
 * <p><b>Measure.</b> Rank correlation with the planted means, held-out accuracy on pairs drawn at
 * random, circles over triples, constancy, the root mean square error of mu, and by which factor
 * the rate at which 100 of one good are exchanged for the other is off.
 *
 * @param options at least 24
 * @param heldOut pairs
 * @param bias of the place, in utility
 */
public record PlantedUtilities(int options, int heldOut, double bias) implements Experiment {
  public static final PlantedUtilities DEFAULT = new PlantedUtilities(60, 300, 0.3);

  private static final int AMOUNTS = 10;
  private static final int ANSWERS = 5;
  private static final LogUtility ONE = new LogUtility(0.35, -1);
  private static final LogUtility OTHER = new LogUtility(0.25, -0.7);

  @Override
  public int system() {
    return 140;
  }

  @Override
  public String name() {
    return "planted-utilities";
  }

  @Override
  public String title() {
    return "Utilities fitted to the forced choices of choosers with planted values, without any,"
        + " and of one that goes round in a circle";
  }

  @Override
  public String tuning() {
    return "Under seeds 1001 to 1006: the strength at which variances are drawn together, out of 0,"
        + " 0.03, 0.1, 0.3 and 1, and the bound on the exchange rate.";
  }

  @Override
  public Axis axis() {
    return new Axis("", List.of());
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "recovered",
            "2 n log2 n questions, chosen actively, rank the options as planted, to 0.95",
            "rank correlation, 2 n log n",
            "0.95"),
        Claim.above(
            "active",
            "n log2 n questions chosen actively rank them better than at random",
            "rank correlation, active",
            "rank correlation, random"),
        Claim.above(
            "foretold",
            "held-out choices are foretold within three points of what the planted utilities do",
            "planted accuracy",
            "planted ceiling less 0.03"),
        Claim.equal(
            "coin-not-foretold",
            "those of a coin are not foretold",
            "coin accuracy",
            "one half",
            0.05),
        Claim.above(
            "circles",
            "a chooser that goes round in circles has more of them",
            "circle cycles",
            "planted cycles"),
        Claim.equal(
            "circles-of-a-coin",
            "its limit: over all triples it has as many as a coin",
            "circle cycles",
            "coin cycles",
            0.03),
        Claim.above(
            "constancy",
            "but unlike a coin it does not waver",
            "circle constancy",
            "coin constancy"),
        Claim.below(
            "both-orders",
            "asking in both orders brings the utilities of a biased chooser nearer to the planted",
            "biased error, both orders",
            "biased error, one order"),
        Claim.below(
            "exchange-rate",
            "a planted exchange rate is recovered within a quarter, on average",
            "exchange rate off by",
            "0.25"));
  }

  @Override
  public Experiment smoke() {
    return new PlantedUtilities(24, 20, bias);
  }

  @Override
  public Outcome run(Seeds seeds) {
    SplittableRandom random = seeds.of("options");
    double[] means = new double[options];
    double[] deviations = random.doubles(options, 0.3, 0.8).toArray();
    Arrays.setAll(means, o -> random.nextGaussian());
    int few = ActiveChoices.budget(options, 1);
    int many = ActiveChoices.budget(options, 2);
    Map<String, Double> figures =
        new LinkedHashMap<>(Map.of("one half", 0.5, "0.95", 0.95, "0.25", 0.25));

    Chooser planted = planted(means, deviations, 0, seeds.of("planted"));
    List<Choice> active = ActiveChoices.DEFAULT.ask(options, few, planted, seeds.of("active"));
    List<Choice> all = ActiveChoices.DEFAULT.ask(options, many, planted, seeds.of("all"));
    List<Choice> drawn = ActiveChoices.atRandom(options, few, planted, seeds.of("random"));
    ThurstonianUtilities fitted = fit(all);
    figures.put("rank correlation, 2 n log n", rank(fitted, means));
    figures.put("rank correlation, active", rank(fit(active), means));
    figures.put("rank correlation, random", rank(fit(drawn), means));

    figures.put("exchange rate off by", exchange(seeds));

    ThurstonianUtilities truth =
        new ThurstonianUtilities(means, Arrays.stream(deviations).map(d -> d * d).toArray());
    List<Choice> test = audited("planted", planted, seeds, figures);
    figures.put("planted ceiling less 0.03", truth.accuracy(test) - 0.03);
    SplittableRandom coin = seeds.of("coin");
    audited("coin", (a, b) -> answers(a, b, 0.5, 0.5, coin), seeds, figures);
    SplittableRandom circle = seeds.of("circle");
    Chooser circular =
        (a, b) -> {
          double p = new double[] {0.5, 0.1, 0.9}[Math.floorMod(a - b, 3)];
          return answers(a, b, p, p, circle);
        };
    audited("circle", circular, seeds, figures);

    Chooser biased = planted(means, deviations, bias, seeds.of("biased"));
    List<Choice> both = ActiveChoices.atRandom(options, many, biased, seeds.of("both"));
    List<Choice> single =
        both.stream().map(c -> new Choice(c.a(), c.b(), c.shownFirst(), Double.NaN)).toList();
    figures.put("biased error, both orders", error(fit(both), means));
    figures.put("biased error, one order", error(fit(single), means));
    return new Outcome(figures, Map.of());
  }

  /** All pairs of two goods in ten amounts each. */
  private static double exchange(Seeds seeds) {
    double[] amounts = new double[AMOUNTS];
    double[] means = new double[2 * AMOUNTS];
    for (int k = 0; k < AMOUNTS; k++) {
      amounts[k] = Math.pow(1000, k / (AMOUNTS - 1.0));
      means[k] = ONE.of(amounts[k]);
      means[AMOUNTS + k] = OTHER.of(amounts[k]);
    }
    double[] deviations = seeds.of("goods").doubles(2 * AMOUNTS, 0.3, 0.8).toArray();
    Chooser chooser = planted(means, deviations, 0, seeds.of("exchange"));
    List<Choice> all =
        ActiveChoices.atRandom(2 * AMOUNTS, Integer.MAX_VALUE, chooser, seeds.of("order"));
    double[] fitted = ThurstonianUtilities.fit(all, 2 * AMOUNTS, Fit.QUICK).means();
    LogUtility one = LogUtility.fit(amounts, Arrays.copyOf(fitted, AMOUNTS));
    LogUtility other = LogUtility.fit(amounts, Arrays.copyOfRange(fitted, AMOUNTS, 2 * AMOUNTS));
    double ratio = one.inTermsOf(other, 100) / ONE.inTermsOf(OTHER, 100);
    return Math.exp(Math.abs(Math.log(ratio))) - 1;
  }

  private ThurstonianUtilities fit(List<Choice> choices) {
    return ThurstonianUtilities.fit(choices, options, Fit.QUICK);
  }

  /** Audits a chooser on 2 n log2 n pairs at random; returns the pairs that were held out. */
  private List<Choice> audited(
      String name, Chooser chooser, Seeds seeds, Map<String, Double> figures) {
    int many = Math.min(ActiveChoices.budget(options, 2), options * (options - 1) / 2 - heldOut);
    List<Choice> pairs =
        ActiveChoices.atRandom(options, many + heldOut, chooser, seeds.of("pairs of " + name));
    List<Choice> test = pairs.subList(many, pairs.size());
    ValueAudit audit =
        ValueAudit.of(pairs.subList(0, many), test, options, Fit.QUICK, new Bootstrap(1, 0.95, 1));
    figures.put(name + " accuracy", audit.accuracy().estimate());
    figures.put(name + " cycles", audit.cycles());
    figures.put(name + " constancy", audit.constancy());
    return test;
  }

  private static Chooser planted(
      double[] means, double[] deviations, double bias, SplittableRandom random) {
    return (a, b) -> {
      double deviation = Math.hypot(deviations[a], deviations[b]);
      return answers(
          a,
          b,
          normal((means[a] - means[b] + bias) / deviation),
          normal((means[a] - means[b] - bias) / deviation),
          random);
    };
  }

  private static Choice answers(
      int a, int b, double first, double second, SplittableRandom random) {
    return new Choice(a, b, share(first, random), share(second, random));
  }

  private static double share(double p, SplittableRandom random) {
    return IntStream.range(0, ANSWERS).filter(k -> random.nextDouble() < p).count()
        / (double) ANSWERS;
  }

  private static double normal(double z) {
    return Erf.erfc(-z / Math.sqrt(2)) / 2;
  }

  private static double rank(ThurstonianUtilities fitted, double[] means) {
    return new SpearmansCorrelation().correlation(fitted.means(), means);
  }

  private static double error(ThurstonianUtilities fitted, double[] means) {
    double mean = Arrays.stream(means).average().orElseThrow();
    double variance =
        Arrays.stream(means).map(m -> (m - mean) * (m - mean)).average().orElseThrow();
    List<Double> squares = new ArrayList<>();
    for (int o = 0; o < means.length; o++) {
      squares.add(Math.pow(fitted.means()[o] - (means[o] - mean) / Math.sqrt(variance), 2));
    }
    return Math.sqrt(squares.stream().mapToDouble(x -> x).average().orElseThrow());
  }
}
