package dev.goodhart.neural.reward;

import dev.goodhart.objective.AttributeRegression;
import dev.goodhart.objective.BradleyTerry;
import dev.goodhart.objective.Objective;
import dev.goodhart.objective.StepOutcome;
import dev.goodhart.objective.StepScores;
import dev.goodhart.spec.Methods;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reward model on a transformer, learnt from preferences: the conversation with the response as
 * its last turn goes through the transformer, and a linear head reads the reward off the last
 * token. Comparisons are learnt from by an objective, labels of single responses as binary
 * outcomes.
 *
 * <p>All comparisons of a prompt share one pass, in which a response stands once. The split, the
 * temperature and the measurement are those of the hashed model.
 *
 * @param loss of the comparisons, a {@link dev.goodhart.objective.PairObjective} of width 1, or
 *     {@link AttributeRegression} to learn the ratings themselves, or {@link StepOutcome} for
 *     verdicts on steps
 * @param lora the rank of the adapters that are trained; 0 to train the whole transformer
 * @param merge whether adapters are merged into the transformer that is saved; otherwise they are
 *     saved alone, and need the folder that they were trained on
 * @param epochs over the training comparisons at most; fewer when the development loss rises
 * @param batch about how many comparisons a step learns from, at least 1; those of a prompt are not
 *     parted for it
 * @param rate AdamW's peak learning rate, above 0
 * @param maxLength of prompt and response in tokens; of more the prompt's beginning is left out,
 *     and comparisons of a response that is itself longer
 * @param device where it computes
 * @param ensemble how many members, each of which sees prompts drawn anew with replacement
 * @param members what they are
 * @param holdout the share of prompts that only measures, in [0, 1)
 * @param development the share of the other prompts that decides when to stop, in [0, 1)
 */
record NeuralPreferences(
    Objective loss,
    int lora,
    boolean merge,
    int epochs,
    int batch,
    double rate,
    int maxLength,
    String device,
    int ensemble,
    Members members,
    double holdout,
    double development) {
  /** Transformers that are made here. */
  static final List<String> PRESETS = List.of("tiny", "small");

  NeuralPreferences {
    check(lora >= 0 && lora <= 1024, "lora must lie in [0, 1024], not " + lora);
    check(epochs >= 1, "epochs must be at least 1, not " + epochs);
    check(batch >= 1, "batch must be at least 1, not " + batch);
    check(rate > 0 && Double.isFinite(rate), "rate must be above 0, not " + rate);
    check(maxLength >= 8, "max-length must be at least 8, not " + maxLength);
    check(ensemble >= 1 && ensemble <= 1000, "ensemble must be from 1 to 1000, not " + ensemble);
    check(
        members != Members.ADAPTERS || lora > 0,
        "members: adapters need a rank, --lora 8 for instance");
    check(holdout >= 0 && holdout < 1, "holdout must be a share below 1, not " + holdout);
    check(
        development >= 0 && development < 1,
        "development must be a share below 1, not " + development);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** What is used where nothing else is asked for. */
  static NeuralPreferences defaults(String model) {
    double rate =
        switch (model) {
          case "tiny" -> 1e-3;
          case "small" -> 3e-4;
          default -> 1e-5;
        };
    return new NeuralPreferences(
        new BradleyTerry(0, 0, 0), 0, false, 3, 32, rate, 1024, "auto", 1, Members.HEADS, 0.1, 0.1);
  }

  /** Whether it learns ratings. */
  boolean attributes() {
    return loss instanceof AttributeRegression;
  }

  /** Whether it learns verdicts on steps. */
  boolean steps() {
    return loss instanceof StepOutcome;
  }

  /** How many numbers a member says of a response. */
  int outputs() {
    return loss instanceof AttributeRegression ratings ? ratings.width() : 1;
  }

  /** What the numbers mean; of ratings the reward is the sum. */
  Head head() {
    if (steps()) {
      return new Head.Process("\n", StepScores.MIN);
    }
    if (!(loss instanceof AttributeRegression ratings)) {
      return new Head.Scalar();
    }
    Map<String, Double> weights = new LinkedHashMap<>();
    ratings.attributes().forEach(name -> weights.put(name, 1.0));
    return new Head.Attributes(weights);
  }

  Map<String, @Nullable Object> hyperParameters(String model, Objective fitted) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("model", model);
    values.put("loss", Methods.values((Record) fitted));
    values.put("lora", lora);
    values.put("merge", merge);
    values.put("epochs", epochs);
    values.put("batch", batch);
    values.put("rate", rate);
    values.put("max-length", maxLength);
    values.put("ensemble", ensemble);
    values.put("ensemble-of", members.name().toLowerCase(Locale.ROOT));
    values.put("holdout", holdout);
    values.put("development", development);
    return values;
  }
}
