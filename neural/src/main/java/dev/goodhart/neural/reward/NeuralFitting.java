package dev.goodhart.neural.reward;

import dev.goodhart.Scale;
import dev.goodhart.data.Dataset;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.model.Lora;
import dev.goodhart.neural.reward.Training.Trained;
import dev.goodhart.objective.AttributeRegression;
import dev.goodhart.objective.PairObjective;
import dev.goodhart.objective.StepOutcome;
import dev.goodhart.report.Figure;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.HeldOut;
import dev.goodhart.signal.fit.Judgement;
import dev.goodhart.signal.fit.PreferenceData;
import dev.goodhart.signal.fit.PreferenceReader;
import dev.goodhart.signal.fit.Split;
import dev.goodhart.signal.fit.Stepwise;
import dev.goodhart.signal.fit.Temperature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One fit from the data to the calibrated model.
 *
 * @param model a preset or the folder of the model to start from
 * @param run where metrics and checkpoints are kept
 * @param resume whether to go on from the run's checkpoint
 */
record NeuralFitting(
    NeuralPreferences method,
    String model,
    long seed,
    Path run,
    boolean resume,
    Progress progress) {
  /** Responses that are scored between two reports of progress. */
  private static final int CHUNK = 256;

  Fit fit(Dataset file, Optional<Dataset> heldOut) {
    ResponseTexts texts = new ResponseTexts();
    PreferenceReader reader = new PreferenceReader(texts).summing(method.attributes());
    PreferenceData data = reader.read(file, heldOut, progress);
    Split split = Split.of(data, method.holdout(), method.development(), new Seeds(seed));
    return fit(split, texts.texts());
  }

  private Fit fit(Split split, List<ResponseTexts.Text> texts) {
    Device device = Device.of(method.device());
    Stream<ResponseTexts.Text> learnt = used(split.training().stream()).mapToObj(texts::get);
    Base base = Base.of(model, method, learnt, seed, device, progress);
    Readable readable = Readable.of(split, encode(base.text(), texts, split));
    Training training = new Training(method, base, seed, run, resume, progress);
    List<Trained> trained =
        switch (method.loss()) {
          case AttributeRegression ratings ->
              training.of(Lessons.rated(ratings, method.batch(), split, readable));
          case StepOutcome steps ->
              training.of(Lessons.steps(steps, method.batch(), split, readable.encoded()));
          default ->
              training.of(
                  Lessons.compared(
                      (PairObjective) method.loss(),
                      method.batch(),
                      Training.PASS,
                      split.data(),
                      readable));
        };
    RewardNet net =
        new RewardNet(
            trained.stream()
                .map(t -> method.merge() ? Lora.merge(t.decoder()) : t.decoder())
                .toList(),
            method.outputs());
    double[] raw = rewards(net, readable);
    // A step's verdict is a probability already.
    Temperature temperature =
        readable.development().isEmpty() || method.steps()
            ? new Temperature(1, 0, Double.NaN)
            : Temperature.of(readable.development(), raw);
    double[] rewards =
        Arrays.stream(raw).map(r -> temperature.slope() * r + temperature.offset()).toArray();
    double[] odds =
        method.steps() ? Arrays.stream(rewards).map(p -> Math.log(p / (1 - p))).toArray() : rewards;
    HeldOut measured = HeldOut.of(readable.heldOut(), odds, split.data().lengths(), seed);
    Fit.Training came = split.counts(trained.stream().map(Trained::epoch).toList(), temperature);
    NeuralReward reward =
        new NeuralReward(
            net,
            base.text(),
            method.head(),
            temperature.slope(),
            temperature.offset(),
            method.steps() ? Scale.PROBABILITY : Scale.LOG_ODDS,
            Optional.of(split.seen()),
            card(trained, came, measured));
    return new Fit(reward, came, measured, notes(split, readable, temperature));
  }

  private List<String> notes(Split split, Readable readable, Temperature temperature) {
    List<String> notes = new ArrayList<>(split.notes(temperature, method.epochs()));
    if (readable.left() > 0) {
      notes.add(
          Figure.count(readable.left())
              + " comparisons and labels were left out: a response has more than "
              + method.maxLength()
              + " tokens (--max-length).");
    }
    return notes;
  }

  private static IntStream used(Stream<Judgement> judgements) {
    return judgements
        .flatMapToInt(
            j -> j.isLabel() ? IntStream.of(j.first()) : IntStream.of(j.first(), j.second()))
        .distinct();
  }

  private List<Optional<Encoded>> encode(
      RewardText text, List<ResponseTexts.Text> texts, Split split) {
    Stream<Judgement> judged =
        Stream.of(split.training(), split.development(), split.heldOut()).flatMap(List::stream);
    int[] needed =
        method.attributes() ? IntStream.range(0, texts.size()).toArray() : used(judged).toArray();
    Map<Integer, Stepwise> stepwise = new HashMap<>();
    if (method.steps()) {
      split.data().stepwise().forEach(s -> stepwise.put(s.response(), s));
    }
    List<Optional<Encoded>> encoded =
        new ArrayList<>(Collections.nCopies(texts.size(), Optional.empty()));
    progress.start("reading responses as tokens", needed.length);
    Arrays.stream(needed)
        .parallel()
        .forEach(
            r -> {
              ResponseTexts.Text one = texts.get(r);
              Stepwise steps = stepwise.get(r);
              encoded.set(
                  r,
                  steps == null
                      ? text.encode(one.prompt(), one.response())
                      : text.encode(one.prompt(), steps.steps(), "\n"));
              progress.advance(1);
            });
    progress.done();
    return encoded;
  }

  /** The members' mean for each response that decides or measures, NaN for all others. */
  private double[] rewards(RewardNet net, Readable readable) {
    int[] needed =
        used(Stream.concat(readable.development().stream(), readable.heldOut().stream())).toArray();
    Head head = method.head();
    double[] rewards = new double[readable.encoded().size()];
    Arrays.fill(rewards, Double.NaN);
    progress.start("measuring, responses", needed.length);
    for (int from = 0; from < needed.length; from += CHUNK) {
      int[] chunk = Arrays.copyOfRange(needed, from, Math.min(from + CHUNK, needed.length));
      double[][][][] scores = net.scores(Arrays.stream(chunk).mapToObj(readable::at).toList());
      for (int i = 0; i < chunk.length; i++) {
        rewards[chunk[i]] =
            Arrays.stream(scores[i])
                .mapToDouble(member -> head.reward(member).value())
                .average()
                .orElseThrow();
      }
      progress.advance(chunk.length);
    }
    progress.done();
    return rewards;
  }

  private ModelCard card(List<Trained> trained, Fit.Training came, HeldOut measured) {
    Map<String, @Nullable Object> parameters =
        method.hyperParameters(model, trained.getFirst().loss());
    Map<String, @Nullable Object> training = new LinkedHashMap<>(came.figures());
    training.put("steps", trained.stream().mapToLong(Trained::steps).sum());
    return new ModelCard(
        NeuralKind.NAME,
        parameters,
        Map.of(),
        training,
        measured.figures(),
        new Provenance("fit in memory", seed, Map.of(), Provenance.running()),
        Map.of());
  }
}
