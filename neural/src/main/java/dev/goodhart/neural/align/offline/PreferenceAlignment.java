package dev.goodhart.neural.align.offline;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.neural.align.Policy;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Lora;
import dev.goodhart.neural.train.Learner;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.neural.train.Recipe;
import dev.goodhart.neural.train.Task;
import dev.goodhart.neural.train.Trainer;
import dev.goodhart.objective.Kto;
import dev.goodhart.objective.Objective;
import dev.goodhart.objective.PreferenceObjective;
import dev.goodhart.objective.Sft;
import dev.goodhart.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A policy optimised on preferences that are there, without drawing from it: direct preference
 * optimisation and its kind, KTO (each response of a pair on its own), or fine-tuning on the better
 * responses.
 *
 * <pre>{@code
 * var dpo = new PreferenceAlignment(policy, new Dpo(0.1), Recipe.standard(1e-5), 1024);
 * dpo.run(training, heldOut, seed, folder, resume, progress);
 * }</pre>
 *
 * <p>The reference is the policy as it is given; its log-probabilities are computed once. The
 * folder gets {@code metrics.jsonl} with TensorBoard's events, a checkpoint, and the policy in
 * {@code model/}. Killed at any moment and started again to resume, it ends with the same bits.
 *
 * @param policy to start from; where it has adapters, they alone are trained
 * @param objective a {@link PreferenceObjective}, {@link Kto} or {@link Sft}
 * @param maxLength of prompt and response in tokens; the beginning of longer prompts is left out,
 *     pairs with a longer response are
 */
public record PreferenceAlignment(
    Policy policy, Objective objective, Recipe recipe, int maxLength) {
  static final String MODEL = "model";

  public PreferenceAlignment {
    expect(objective, maxLength);
  }

  static void expect(Objective objective, int maxLength) {
    if (!(objective instanceof PreferenceObjective
        || objective instanceof Kto
        || objective instanceof Sft)) {
      throw new IllegalArgumentException(
          "objective must be one that learns from preferences (dpo, ipo, simpo, kto, sft, ...), not"
              + " "
              + objective.getClass().getSimpleName());
    }
    if (maxLength < 2) {
      throw new IllegalArgumentException("max-length must be at least 2, not " + maxLength);
    }
  }

  /**
   * What became of the policy.
   *
   * @param training how it ended; the policy is that with the lowest held-out loss
   * @param before the held-out pairs' figures at the start, by name: {@code loss}, {@code
   *     accuracy}, {@code lead}; empty without held-out pairs
   * @param after the same at the end
   * @param pairs that were learnt from
   * @param dropped pairs with a response that is too long
   */
  public record Result(
      Trainer.Result training,
      SequencedMap<String, Double> before,
      SequencedMap<String, Double> after,
      int pairs,
      int dropped) {}

  /**
   * Does the run.
   *
   * @param training preferences to learn from
   * @param heldOut preferences of other prompts, to choose the best state by; may be empty
   * @param folder where it is kept; null for nowhere
   * @param resume whether to go on from the folder's checkpoint, if it has one
   * @throws GoodhartException if nothing is left to learn from, the loss is no longer finite, or
   *     the folder holds another training
   */
  public Result run(
      List<Preference> training,
      List<Preference> heldOut,
      long seed,
      @Nullable Path folder,
      boolean resume,
      Progress progress) {
    PreferenceTokens tokens = new PreferenceTokens(policy, maxLength);
    List<Pair> pairs = tokens.pairs(training);
    if (pairs.isEmpty()) {
      throw new GoodhartException(
          "none of the "
              + training.size()
              + " preferences can be learnt from: "
              + tokens.dropped()
              + " have a response of more than "
              + maxLength
              + " tokens, the others weigh nothing");
    }
    List<Pair> others = tokens.pairs(heldOut);
    var counts = new Counts(pairs.size(), tokens.dropped());
    Decoder start = policy.decoder();
    try (Parameters parameters =
        start.lora() == null ? Parameters.of(start) : Parameters.ofAdapters(start, Map.of())) {
      Decoder decoder = parameters.decoder(start);
      Run run = new Run(parameters, decoder, seed, folder, resume, progress, counts);
      return switch (objective) {
        case PreferenceObjective preference -> {
          List<Pair> known = referred(preference, pairs, progress);
          yield run.of(
              PairTask.of(decoder, preference, known),
              known,
              referred(preference, others, progress));
        }
        case Kto kto ->
            run.of(new RatedTask(decoder, kto), rated(pairs, progress), rated(others, progress));
        case Sft sft ->
            run.of(
                new AnswerTask(decoder, sft),
                PreferenceTokens.better(pairs),
                PreferenceTokens.better(others));
        default -> throw new IllegalStateException(objective.toString());
      };
    }
  }

  private record Counts(int pairs, int dropped) {}

  private List<Pair> referred(PreferenceObjective asks, List<Pair> pairs, Progress progress) {
    if (!asks.reference()) return pairs;
    List<Answer> answers = new ArrayList<>();
    for (Pair pair : pairs) answers.add(pair.chosen());
    for (Pair pair : pairs) answers.add(pair.rejected());
    double[] logs = Answers.logProbs(policy.decoder(), answers, recipe.tokensPerPass(), progress);
    List<Pair> known = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      known.add(pairs.get(i).withReference(logs[i], logs[pairs.size() + i]));
    }
    return known;
  }

  private List<Rated> rated(List<Pair> pairs, Progress progress) {
    List<Rated> rated = PreferenceTokens.rated(pairs);
    List<Answer> answers = new ArrayList<>();
    for (Rated one : rated) answers.add(one.answer());
    for (Rated one : rated) answers.add(one.other());
    double[] logs = Answers.logProbs(policy.decoder(), answers, recipe.tokensPerPass(), progress);
    List<Rated> known = new ArrayList<>();
    for (int i = 0; i < rated.size(); i++) {
      known.add(rated.get(i).withReference(logs[i], logs[rated.size() + i]));
    }
    return known;
  }

  /** One training. */
  private final class Run {
    private final Parameters parameters;
    private final Decoder decoder;
    private final long seed;
    private final @Nullable Path folder;
    private final boolean resume;
    private final Progress progress;
    private final Counts counts;

    Run(
        Parameters parameters,
        Decoder decoder,
        long seed,
        @Nullable Path folder,
        boolean resume,
        Progress progress,
        Counts counts) {
      this.parameters = parameters;
      this.decoder = decoder;
      this.seed = seed;
      this.folder = folder;
      this.resume = resume;
      this.progress = progress;
      this.counts = counts;
    }

    <E> Result of(Task<E> task, List<E> examples, List<E> evaluation) {
      SequencedMap<String, Double> before = figures(task, evaluation);
      Trainer<E> trainer = new Trainer<>(recipe, seed, parameters, task).reporting(progress);
      if (folder != null) trainer.keptIn(folder, resume);
      Trainer.Result ended = trainer.train(examples, evaluation);
      SequencedMap<String, Double> after = figures(task, evaluation);
      if (folder != null) {
        HfFolder.write(
            folder.resolve(MODEL), decoder.lora() == null ? decoder : Lora.merge(decoder));
        policy.tokenizer().save(folder.resolve(MODEL));
      }
      return new Result(ended, before, after, counts.pairs, counts.dropped);
    }

    private <E> SequencedMap<String, Double> figures(Task<E> task, List<E> evaluation) {
      SequencedMap<String, Double> figures = new LinkedHashMap<>();
      if (evaluation.isEmpty()) return figures;
      try (Scope ignored = Scope.inference();
          Learner<E> learner =
              new Learner<>(parameters, task, recipe.optimiser(), recipe.tokensPerPass(), 0)) {
        Learner.Outcome outcome = learner.evaluate(evaluation);
        figures.put("loss", outcome.loss());
        figures.putAll(outcome.also());
      }
      return figures;
    }
  }
}
