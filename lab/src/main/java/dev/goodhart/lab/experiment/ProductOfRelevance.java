package dev.goodhart.lab.experiment;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.combine.RegularisedRelevance;
import dev.goodhart.data.Example;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.style.Attributes;
import dev.goodhart.lab.style.Gold;
import dev.goodhart.lab.style.StyleWorld;
import dev.goodhart.lab.style.StyleWorld.Draws;
import dev.goodhart.lab.style.StyleWorld.Question;
import dev.goodhart.lab.style.StyleWorld.Response;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.hashed.HashedBradleyTerry;
import dev.goodhart.steer.BestOfNCurve;
import dev.goodhart.verify.text.Relevance;
import dev.goodhart.verify.text.Repetition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * System 96 under best-of-n: is a product of length, relevance and freedom from repetition a better
 * stand-in for gold than its relevance alone, or than a model of annotators who like length?
 *
 * <p><b>World.</b> {@link StyleWorld}; one candidate in twenty says the prompt again, one to four
 * times over, and answers nothing. Relevance is the inner product of mean vectors of hashed words.
 *
 * <p><b>Baselines.</b> Relevance alone; a hashed Bradley–Terry model; length times relevance
 * without the charge on repetition. <b>Method.</b> {@link RegularisedRelevance}, all questions
 * open.
 *
 * <p>All of it is measured once more without the echoes ("genuine").
 *
 * <p><b>Measure.</b> (1) Pairs of a short answer to the question and a long one to another
 * question: how often the former wins. (2) Gold of best-of-n. (3) Spearman's correlation of mean
 * proxy and mean gold over n, and the share of echoes among the chosen. Best-of-n stands in for the
 * published policy training, which is not shown here yet.
 *
 * @param pairs the model is fitted to
 * @param prompts of best-of-n, and pairs of the diagnostic
 * @param candidates of each prompt
 */
public record ProductOfRelevance(int pairs, int prompts, int candidates) implements Experiment {
  public static final ProductOfRelevance DEFAULT = new ProductOfRelevance(4000, 100, 256);

  private static final List<String> ARMS = List.of("r3", "relevance", "model", "no charge");
  private static final Signal RELEVANCE = new Relevance().open();
  private static final Signal LENGTH = new Length(Length.Unit.TOKENS);
  private static final Signal REPETITION = new Repetition(3);
  private static final double ECHOES = 0.05;

  @Override
  public int system() {
    return 96;
  }

  @Override
  public String name() {
    return "product-of-relevance";
  }

  @Override
  public String title() {
    return "Off-topic pairs and best-of-n for R3 against its relevance alone and against a model of"
        + " annotators who like length";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1003 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("n", Arrays.stream(ns()).asDoubleStream().boxed().toList());
  }

  private int[] ns() {
    return IntStream.iterate(1, n -> n <= candidates / 2, n -> 2 * n).toArray();
  }

  @Override
  public List<Claim> claims() {
    String at = " at n = " + ns()[ns().length - 1];
    return List.of(
        Claim.above(
            "on-topic-over-model",
            "R3 prefers short and on-topic to long and off-topic more often than the model, by at"
                + " least 0.2",
            "r3 on topic",
            "model on topic and a fifth"),
        Claim.above(
            "gold-over-relevance",
            "R3 earns more gold than relevance alone" + at,
            "r3 gold",
            "relevance gold"),
        Claim.above(
            "gold-over-model", "R3 earns more gold than the model" + at, "r3 gold", "model gold"),
        Claim.above(
            "gold-over-base", "R3 earns more gold than no choice" + at, "r3 gold", "base gold"),
        Claim.above(
            "gold-over-base-genuine",
            "without echoes R3 earns more gold than no choice" + at,
            "r3, genuine gold",
            "base gold, genuine"),
        Claim.above(
            "gold-over-relevance-genuine",
            "without echoes R3 earns more gold than relevance alone" + at,
            "r3, genuine gold",
            "relevance, genuine gold"),
        Claim.below(
            "relevance-is-hacked",
            "relevance alone earns less gold than no choice" + at,
            "relevance gold",
            "base gold"),
        Claim.above(
            "echoes-under-relevance",
            "more than 0.6 of what relevance alone chooses says the prompt again" + at,
            "relevance echoes",
            "three fifths"),
        Claim.below(
            "fewer-echoes",
            "R3 chooses fewer echoes than without the charge on repetition" + at,
            "r3 echoes",
            "no charge echoes"),
        Claim.above(
            "monotone-over-relevance",
            "over n, proxy and gold correlate more for R3 than for relevance alone",
            "r3 spearman",
            "relevance spearman"));
  }

  @Override
  public Experiment smoke() {
    return new ProductOfRelevance(300, 4, 16);
  }

  /** A candidate with what is known of it. */
  private record Candidate(String text, double gold, boolean echo) {}

  @Override
  public Outcome run(Seeds seeds) {
    Draws world = StyleWorld.DEFAULT.open();
    Signal model =
        HashedBradleyTerry.DEFAULT
            .withHoldout(0)
            .fit(
                world.pairs(pairs, seeds).stream().map(Example.Pair::new).toList(),
                seeds.seed(),
                Progress.NONE)
            .model();
    int[] ns = ns();
    Map<String, double[]> gold = new LinkedHashMap<>();
    Map<String, double[]> proxy = new LinkedHashMap<>();
    Map<String, Double> echoes = new LinkedHashMap<>();
    Map<String, Double> onTopic = new LinkedHashMap<>();
    for (String arm : ARMS) {
      gold.put(arm, new double[ns.length]);
      gold.put(arm + ", genuine", new double[ns.length]);
      proxy.put(arm, new double[ns.length]);
    }
    for (int x = 0; x < prompts; x++) {
      Question question = world.question(seeds, x);
      List<Candidate> drawn = candidates(world, question, seeds, x);
      double[] worth = drawn.stream().mapToDouble(Candidate::gold).toArray();
      double[] said = drawn.stream().mapToDouble(c -> c.echo ? 1 : 0).toArray();
      List<Candidate> two = diagnostic(world, question, seeds, x);
      for (String arm : ARMS) {
        double[] scores =
            drawn.stream().mapToDouble(c -> score(arm, model, question, c.text)).toArray();
        add(gold, arm, BestOfNCurve.of(scores, worth, ns));
        add(gold, arm + ", genuine", genuine(scores, worth, said, ns));
        add(proxy, arm, BestOfNCurve.of(scores, scores, ns));
        double chosen = BestOfNCurve.of(scores, said, ns)[ns.length - 1];
        echoes.merge(arm, chosen / prompts, Double::sum);
        double on = score(arm, model, question, two.getFirst().text);
        double off = score(arm, model, question, two.getLast().text);
        onTopic.merge(arm, (on > off ? 1 : on == off ? 0.5 : 0) / prompts, Double::sum);
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    gold.forEach(
        (arm, curve) -> {
          curves.put(arm, Arrays.stream(curve).boxed().toList());
          figures.put(arm + " gold", curve[ns.length - 1]);
          figures.put("base gold" + (arm.endsWith("genuine") ? ", genuine" : ""), curve[0]);
        });
    proxy.forEach(
        (arm, curve) ->
            figures.put(arm + " spearman", spearman(curve, gold.getOrDefault(arm, curve))));
    echoes.forEach((arm, share) -> figures.put(arm + " echoes", share));
    onTopic.forEach((arm, share) -> figures.put(arm + " on topic", share));
    figures.put("model on topic and a fifth", onTopic.getOrDefault("model", 0.0) + 0.2);
    figures.put("three fifths", 0.6);
    return new Outcome(figures, curves);
  }

  /** The curve over the candidates that are no echoes. */
  private static double[] genuine(double[] scores, double[] worth, double[] said, int[] ns) {
    int[] kept = IntStream.range(0, said.length).filter(i -> said[i] == 0).toArray();
    int[] within = Arrays.stream(ns).map(n -> Math.min(n, kept.length)).toArray();
    return BestOfNCurve.of(
        Arrays.stream(kept).mapToDouble(i -> scores[i]).toArray(),
        Arrays.stream(kept).mapToDouble(i -> worth[i]).toArray(),
        within);
  }

  private void add(Map<String, double[]> sums, String arm, double[] curve) {
    double[] sum = sums.getOrDefault(arm, curve);
    for (int k = 0; k < curve.length; k++) {
      sum[k] += curve[k] / prompts;
    }
  }

  private List<Candidate> candidates(Draws world, Question question, Seeds seeds, int x) {
    SplittableRandom random = seeds.of("echoes", x);
    List<Candidate> all = new ArrayList<>();
    for (Response response : world.responses(question, candidates, seeds, x)) {
      int times = 1 + random.nextInt(4);
      all.add(
          random.nextDouble() < ECHOES
              ? echo(question, times)
              : new Candidate(response.text(), response.gold(), false));
    }
    return all;
  }

  /** The prompt said again: nothing asked for is answered, and all but the first time repeats. */
  private static Candidate echo(Question question, int times) {
    String text = String.join(" ", java.util.Collections.nCopies(times, question.text()));
    int words = Length.Unit.WORDS.count(text);
    Attributes attributes =
        new Attributes(question.asked(), 0, 0, 0, 0, 0, 0, 2 * (times - 1), false, words);
    return new Candidate(text, Gold.DEFAULT.of(attributes), true);
  }

  /** A short answer to the question, and a long one to another. */
  private static List<Candidate> diagnostic(Draws world, Question question, Seeds seeds, int x) {
    SplittableRandom random = seeds.of("diagnostic", x);
    int asked = question.asked();
    Response on =
        world.written(question, new Attributes(asked, asked, 0, 0, 0, 0, 0, 0, false, 0), random);
    Question other = world.question(random);
    while (other.text().equals(question.text())) {
      other = world.question(random);
    }
    int right = other.asked();
    Response off =
        world.written(
            other, new Attributes(right, right, 0, other.others(), 3, 1, 0, 0, false, 0), random);
    return List.of(new Candidate(on.text(), 1, false), new Candidate(off.text(), 0, false));
  }

  private static double score(String arm, Signal model, Question question, String text) {
    Sample sample = Sample.of(question.text(), text);
    double relevance = value(RELEVANCE.of(sample));
    return switch (arm) {
      case "model" -> value(model.of(sample));
      case "relevance" -> relevance;
      default -> {
        double distinct = arm.equals("r3") ? 1 + value(REPETITION.of(sample)) : 1;
        yield value(
            new RegularisedRelevance("length", "relevance", "distinct")
                .of(
                    Map.of(
                        "length", LENGTH.of(sample),
                        "relevance", Reward.of(relevance),
                        "distinct", Reward.of(distinct))));
      }
    };
  }

  private static double value(Reward reward) {
    return ((Scored) reward).value();
  }

  /** Spearman's rank correlation; ties share their mean rank. */
  static double spearman(double[] x, double[] y) {
    double[] a = BleuAgreement.standard(ranks(x));
    double[] b = BleuAgreement.standard(ranks(y));
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).average().orElse(0);
  }

  private static double[] ranks(double[] values) {
    return Arrays.stream(values)
        .map(
            v ->
                Arrays.stream(values).filter(w -> w < v).count()
                    + (Arrays.stream(values).filter(w -> w == v).count() - 1) / 2.0)
        .toArray();
  }
}
