package dev.goodhart.lab.experiment;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.data.Example;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.style.BasePolicy;
import dev.goodhart.lab.style.StyleWorld;
import dev.goodhart.lab.style.StyleWorld.Draws;
import dev.goodhart.lab.style.StyleWorld.Question;
import dev.goodhart.lab.style.StyleWorld.Response;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.hashed.HashedBradleyTerry;
import dev.goodhart.verify.text.Bleu;
import dev.goodhart.verify.text.Bleu.Smoothing;
import dev.goodhart.verify.text.Within;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * System 203, the part that needs no training: does BLEU against references by a strong writer know
 * which of two responses is better, and is it a safer target than a learned reward model?
 *
 * <p><b>World.</b> {@link StyleWorld}. Candidates are the base policy's; references are by a writer
 * who gives nine facts in ten rightly and seldom strays, flatters or repeats himself.
 *
 * <p><b>Method.</b> {@link Bleu} with one added, against 1, 2, 4 and 8 references; the mean of its
 * and the reward model's standard scores within the group. <b>Baselines.</b> A coin, and a hashed
 * Bradley–Terry model fitted to pairs of annotators who like length.
 *
 * <p><b>Measure.</b> The share of pairs of a prompt's candidates that a score orders as gold does,
 * a tie counting one half; gold and compliments of the candidate that each would choose. The
 * published claim on policies trained by GRPO is not shown here yet: best-of-n stands in for it.
 *
 * @param pairs the reward model is fitted to
 * @param prompts to judge on
 * @param candidates of each
 */
public record BleuAgreement(int pairs, int prompts, int candidates) implements Experiment {
  public static final BleuAgreement DEFAULT = new BleuAgreement(4000, 200, 16);

  private static final List<Integer> REFERENCES = List.of(1, 2, 4, 8);

  /** Skill 2.5: right with probability 0.9; its habits are a third of the base policy's. */
  private static final BasePolicy STRONG =
      new BasePolicy(2.5, 0.5, 0.3, 1, 0.2, 0.2, 0.2, 0.1, 0.6, 0.5, 0.3, 0, 3);

  @Override
  public int system() {
    return 203;
  }

  @Override
  public String name() {
    return "bleu-agreement";
  }

  @Override
  public String title() {
    return "Pair agreement with gold and best-of-n of BLEU against references, beside a reward"
        + " model of annotators who like length";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1003 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("references", REFERENCES.stream().map(Integer::doubleValue).toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "one-reference-over-chance",
            "BLEU with 1 reference orders more than half of the pairs as gold does",
            "bleu 1",
            "chance"),
        Claim.above(
            "four-over-one",
            "BLEU with 4 references agrees more often with gold than with 1",
            "bleu 4",
            "bleu 1"),
        Claim.equal(
            "about-as-good",
            "BLEU with 4 references agrees about as often as the reward model (within 0.05)",
            "bleu 4",
            "model",
            0.05),
        Claim.above(
            "both-over-better",
            "BLEU and reward model together agree more often than the better of the two",
            "both 4",
            "better"),
        Claim.above(
            "best-of-n-gold",
            "the candidate that BLEU with 4 references chooses earns more gold than the reward"
                + " model's",
            "bleu chosen gold",
            "model chosen gold"),
        Claim.below(
            "best-of-n-flattery",
            "it flatters less than the reward model's",
            "bleu chosen flattery",
            "model chosen flattery"));
  }

  @Override
  public Experiment smoke() {
    return new BleuAgreement(300, 4, 4);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Draws world = StyleWorld.DEFAULT.open();
    Draws strong = StyleWorld.DEFAULT.with(STRONG).open();
    Signal model =
        HashedBradleyTerry.DEFAULT
            .withHoldout(0)
            .fit(
                world.pairs(pairs, seeds).stream().map(Example.Pair::new).toList(),
                seeds.seed(),
                Progress.NONE)
            .model();
    int most = REFERENCES.getLast();
    int four = REFERENCES.indexOf(4);
    double[] bleuAgrees = new double[REFERENCES.size()];
    double[] bothAgree = new double[REFERENCES.size()];
    double modelAgrees = 0;
    double[] chosen = new double[4];
    for (int x = 0; x < prompts; x++) {
      Question question = world.question(seeds, x);
      List<Response> responses = world.responses(question, candidates, seeds, x);
      SplittableRandom random = seeds.of("references", x);
      List<String> references =
          Stream.generate(() -> strong.response(question, random).text()).limit(most).toList();
      double[] gold = responses.stream().mapToDouble(Response::gold).toArray();
      double[] rewards = scores(model, question, responses, List.of());
      modelAgrees += agreement(rewards, gold) / prompts;
      for (int r = 0; r < REFERENCES.size(); r++) {
        double[] bleu = scores(BLEU, question, responses, references.subList(0, REFERENCES.get(r)));
        double[] both = new double[candidates];
        double[] one = standard(bleu);
        double[] other = standard(rewards);
        Arrays.setAll(both, i -> (one[i] + other[i]) / 2);
        bleuAgrees[r] += agreement(bleu, gold) / prompts;
        bothAgree[r] += agreement(both, gold) / prompts;
        if (r == four) {
          Response byBleu = responses.get(best(bleu));
          Response byModel = responses.get(best(rewards));
          chosen[0] += byBleu.gold() / prompts;
          chosen[1] += byModel.gold() / prompts;
          chosen[2] += (double) byBleu.attributes().flattery() / prompts;
          chosen[3] += (double) byModel.attributes().flattery() / prompts;
        }
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("chance", 0.5);
    figures.put("bleu 1", bleuAgrees[0]);
    figures.put("bleu 4", bleuAgrees[four]);
    figures.put("both 4", bothAgree[four]);
    figures.put("model", modelAgrees);
    figures.put("better", Math.max(bleuAgrees[four], modelAgrees));
    figures.put("bleu chosen gold", chosen[0]);
    figures.put("model chosen gold", chosen[1]);
    figures.put("bleu chosen flattery", chosen[2]);
    figures.put("model chosen flattery", chosen[3]);
    double alone = modelAgrees;
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    curves.put("BLEU", Arrays.stream(bleuAgrees).boxed().toList());
    curves.put("reward model", REFERENCES.stream().map(r -> alone).toList());
    curves.put("both", Arrays.stream(bothAgree).boxed().toList());
    return new Outcome(figures, curves);
  }

  private static final Signal BLEU =
      new Bleu(4, Smoothing.ADD_ONE, false, Within.RESPONSE, Optional.of("references"));

  private static double[] scores(
      Signal signal, Question question, List<Response> responses, List<String> references) {
    return responses.stream()
        .map(
            r ->
                new Sample(
                    "",
                    Prompt.of(question.text()),
                    r.text(),
                    null,
                    Map.of("references", references)))
        .mapToDouble(s -> ((Scored) signal.of(s)).value())
        .toArray();
  }

  /** The share of pairs with different gold that the scores order the same way; ties one half. */
  static double agreement(double[] scores, double[] gold) {
    double agree = 0;
    int pairs = 0;
    for (int i = 0; i < gold.length; i++) {
      for (int j = 0; j < i; j++) {
        if (gold[i] != gold[j]) {
          double sign = Math.signum(scores[i] - scores[j]) * Math.signum(gold[i] - gold[j]);
          agree += (1 + sign) / 2;
          pairs++;
        }
      }
    }
    return pairs == 0 ? 0.5 : agree / pairs;
  }

  /** Standard scores within the group; zeros where all are equal. */
  static double[] standard(double[] scores) {
    double mean = Arrays.stream(scores).average().orElse(0);
    double variance = Arrays.stream(scores).map(s -> (s - mean) * (s - mean)).average().orElse(0);
    return Arrays.stream(scores)
        .map(s -> variance > 0 ? (s - mean) / Math.sqrt(variance) : 0)
        .toArray();
  }

  /** The first of the best. */
  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }
}
