package dev.goodhart.neural.reward;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.AttributeRegression;
import dev.goodhart.objective.Objective;
import dev.goodhart.objective.PairObjective;
import dev.goodhart.objective.StepOutcome;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.fit.PreferenceData;
import dev.goodhart.signal.fit.Rating;
import dev.goodhart.signal.fit.Split;
import dev.goodhart.signal.fit.Stepwise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a training learns from.
 *
 * @param <E> an example
 * @param perStep about how many examples a step takes
 * @param prompts how many the data has
 * @param prompt of an example
 * @param own the loss's own parameters, which are trained beside the transformer
 * @param task of a transformer over what is trained, with its draws of prompts
 * @param fitted the loss with what its own parameters have become
 */
record Lessons<E>(
    List<E> training,
    List<E> development,
    double perStep,
    int prompts,
    ToIntFunction<E> prompt,
    double[] own,
    TaskMaker<E> task,
    Function<double[], Objective> fitted) {
  /** Makes the task of one training. */
  interface TaskMaker<E> {
    Task<E> of(Decoder decoder, @Nullable Tensor own, int[][] draws);
  }

  /**
   * Comparisons and labels.
   *
   * @param batch about how many of them a step takes
   * @param tokens at most in a bundle of those of one prompt
   */
  static Lessons<Comparisons> compared(
      PairObjective loss, int batch, int tokens, PreferenceData data, Readable readable) {
    int[][] ids = readable.ids();
    List<Comparisons> training = Comparisons.of(readable.training(), ids, tokens);
    boolean strengths = data.judgements().stream().anyMatch(j -> j.strength() > 0);
    return new Lessons<>(
        training,
        Comparisons.of(readable.development(), ids, tokens),
        (double) batch * training.size() / readable.training().size(),
        data.prompts().length,
        Comparisons::prompt,
        loss.parameters(),
        (decoder, own, draws) -> new PreferenceTask(decoder, loss, own, draws, strengths ? 1 : 0),
        own -> own.length == 0 ? loss : loss.fitted(own));
  }

  /**
   * Ratings by attribute.
   *
   * @param batch how many responses a step takes
   * @throws GoodhartException if nobody rated what is to be learnt
   */
  static Lessons<RatingTask.Rated> rated(
      AttributeRegression loss, int batch, Split split, Readable readable) {
    Map<Split.Part, List<RatingTask.Rated>> parts = new EnumMap<>(Split.Part.class);
    for (Split.Part part : Split.Part.values()) {
      parts.put(part, new ArrayList<>());
    }
    Set<String> known = new TreeSet<>();
    for (Rating rating : split.data().ratings()) {
      known.addAll(rating.attributes().keySet());
      List<RatingTask.Rated> part =
          Objects.requireNonNull(parts.get(split.parts()[rating.prompt()]));
      readable
          .encoded()
          .get(rating.response())
          .ifPresent(
              e -> part.add(new RatingTask.Rated(rating.prompt(), e.ids(), of(loss, rating))));
    }
    if (!known.containsAll(loss.attributes())) {
      throw new GoodhartException(
          "--loss attribute-regression: expected ratings of "
              + String.join(", ", loss.attributes())
              + ", the data has "
              + (known.isEmpty() ? "none" : String.join(", ", known))
              + "; name those to learn: --loss 'attribute-regression: { attributes: [...] }'");
    }
    return new Lessons<>(
        Objects.requireNonNull(parts.get(Split.Part.TRAINING)),
        Objects.requireNonNull(parts.get(Split.Part.DEVELOPMENT)),
        batch,
        split.data().prompts().length,
        RatingTask.Rated::prompt,
        new double[0],
        (decoder, own, draws) -> new RatingTask(decoder, loss, draws),
        own -> loss);
  }

  /**
   * Verdicts on steps.
   *
   * @param batch how many responses a step of the training takes
   * @param encoded by the response's number, marked at the end of each step
   * @throws GoodhartException if nobody judged steps
   */
  static Lessons<StepTask.Judged> steps(
      StepOutcome loss, int batch, Split split, List<Optional<Encoded>> encoded) {
    Map<Split.Part, List<StepTask.Judged>> parts = new EnumMap<>(Split.Part.class);
    for (Split.Part part : Split.Part.values()) {
      parts.put(part, new ArrayList<>());
    }
    for (Stepwise judged : split.data().stepwise()) {
      Optional<Encoded> read = encoded.get(judged.response());
      if (read.isEmpty() || read.get().marks().length != judged.labels().size()) {
        continue;
      }
      double[] labels = judged.labels().stream().mapToDouble(Double::doubleValue).toArray();
      Objects.requireNonNull(parts.get(split.parts()[judged.prompt()]))
          .add(new StepTask.Judged(judged.prompt(), read.get(), labels));
    }
    List<StepTask.Judged> training = Objects.requireNonNull(parts.get(Split.Part.TRAINING));
    if (training.isEmpty()) {
      throw new GoodhartException(
          "--loss step-outcome: expected rows with the steps of a response and a label for each"
              + " (completions and labels), and there is none that the model can read");
    }
    return new Lessons<>(
        training,
        Objects.requireNonNull(parts.get(Split.Part.DEVELOPMENT)),
        batch,
        split.data().prompts().length,
        StepTask.Judged::prompt,
        new double[0],
        (decoder, own, draws) -> new StepTask(decoder, loss, draws),
        own -> loss);
  }

  private static double[] of(AttributeRegression loss, Rating rating) {
    return loss.attributes().stream()
        .mapToDouble(a -> rating.attributes().getOrDefault(a, Double.NaN))
        .toArray();
  }

  /**
   * For each of several members as many training prompts as there are, drawn with replacement: how
   * often each prompt was. Those of no training count once.
   */
  int[][] draws(int members, Seeds seeds) {
    if (members == 1) {
      return new int[0][];
    }
    int[] distinct = training.stream().mapToInt(prompt).distinct().toArray();
    int[][] draws = new int[members][prompts];
    for (int m = 0; m < members; m++) {
      Arrays.fill(draws[m], 1);
      for (int drawn : distinct) {
        draws[m][drawn] = 0;
      }
      var random = seeds.of("bootstrap", m);
      for (int i = 0; i < distinct.length; i++) {
        draws[m][distinct[random.nextInt(distinct.length)]]++;
      }
    }
    return draws;
  }
}
