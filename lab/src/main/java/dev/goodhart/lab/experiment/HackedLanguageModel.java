package dev.goodhart.lab.experiment;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.combine.Combine;
import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.data.Example;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.phrase.Phrases;
import dev.goodhart.neural.align.AlignSpec;
import dev.goodhart.neural.align.Alignment;
import dev.goodhart.neural.align.StepRow;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Activation;
import dev.goodhart.signal.RewardModel;
import dev.goodhart.signal.hashed.HashedBradleyTerry;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Specs;
import dev.goodhart.transform.Transform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Over-optimisation by a language model: a small transformer, fine-tuned on the base responses of
 * the style world, is optimised by GRPO against a reward model that was fitted to pairs of
 * annotators who like long answers and err.
 *
 * <p><b>Baseline.</b> The first model of an ensemble, as it is. <b>Methods.</b> The ensemble's mean
 * and worst case, and a charge on leaving the reference, all from the same reference policy, with
 * the same prompts.
 *
 * <p><b>Measure.</b> Gold of the responses drawn, averaged over tenths of the run. A run's peak is
 * its best tenth but the last.
 *
 * @param pairs that the ensemble is fitted to
 * @param members of the ensemble
 * @param steps of a run
 * @param fineTuning steps of fine-tuning before
 * @param prompts a step
 * @param responses a prompt
 * @param charge on a nat of distance, in the unit of the reward
 */
public record HackedLanguageModel(
    int pairs, int members, int steps, int fineTuning, int prompts, int responses, double charge)
    implements Experiment {
  public static final HackedLanguageModel DEFAULT =
      new HackedLanguageModel(4000, 5, 60, 400, 8, 16, 0.1);

  private static final int TENTHS = 10;

  @Override
  public int system() {
    return 7;
  }

  @Override
  public String name() {
    return "hacked-language-model";
  }

  @Override
  public String title() {
    return "GRPO of a small transformer against a single reward model, an ensemble and a charge on"
        + " distance";
  }

  @Override
  public String tuning() {
    return "The learning rate was chosen by one run of 200 steps against a model of 10,000 other"
        + " pairs, without any of the mitigations; their parameters are the defaults of their"
        + " records, the charge a guess.";
  }

  @Override
  public Axis axis() {
    return new Axis(
        "step",
        IntStream.rangeClosed(1, TENTHS).mapToObj(i -> (double) i * steps / TENTHS).toList());
  }

  @Override
  public int seeds() {
    return 5;
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "gold-rises", "against a single model gold rises at first", "single peak", "start"),
        Claim.below("gold-falls", "and ends below its peak", "single last", "single peak"),
        Claim.above(
            "proxy-goes-on-rising",
            "while the reward ends above what it was at gold's peak",
            "single reward",
            "single reward at peak"),
        Claim.above(
            "mean-over-single", "the mean of an ensemble ends with more gold than a single model",
            "mean last", "single last"),
        Claim.above(
            "worst-case-over-single",
            "its worst case ends with more gold than a single model",
            "wco last",
            "single last"),
        Claim.above(
            "worst-case-over-mean",
            "its worst case ends with more gold than its mean",
            "wco last",
            "mean last"),
        Claim.above(
            "charge-over-single",
            "a charge on distance ends with more gold than none",
            "charge last",
            "single last"),
        Claim.below(
            "worst-case-falls-too",
            "the worst case ends below its own peak, too",
            "wco last",
            "wco peak"),
        Claim.below(
            "charge-falls-too",
            "with the charge gold ends below its own peak, too",
            "charge last",
            "charge peak"));
  }

  @Override
  public Experiment smoke() {
    return new HackedLanguageModel(200, 2, 10, 5, 2, 4, charge);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("goodhart-hacked");
      return within(folder, seeds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (folder != null) delete(folder);
    }
  }

  private Outcome within(Path folder, Seeds seeds) {
    long seed = seeds.of("hacked-language-model").nextLong();
    List<Preference> data = Phrases.DEFAULT.pairs(pairs, new Seeds(seed));
    Path model = folder.resolve("model");
    HashedBradleyTerry.DEFAULT
        .withEnsemble(members)
        .withHoldout(0)
        .fit(data.stream().map(Example.Pair::new).toList(), seed, Progress.NONE)
        .model()
        .save(model, true, Provenance.of(name(), seed));
    RewardSpec ensemble = reward(model, members, List.of(), Optional.empty());
    var worst =
        new ConservativeEnsemble(List.of("helpful"), ConservativeEnsemble.Objective.WCO, 0.5);
    Map<String, RewardSpec> arms = new LinkedHashMap<>();
    arms.put("single", reward(model, 1, List.of(), Optional.empty()));
    arms.put("mean", ensemble);
    arms.put("wco", reward(model, members, List.of(), Optional.of(worst)));
    arms.put("charge", arms.get("single"));
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (var arm : arms.entrySet()) {
      boolean charged = arm.getKey().equals("charge");
      List<StepRow> rows = align(folder, arm.getKey(), arm.getValue(), charged, seed);
      double[] gold = tenths(rows, "gold");
      curves.put(arm.getKey(), IntStream.range(0, TENTHS).mapToObj(i -> gold[i]).toList());
      int peak =
          IntStream.range(0, TENTHS - 1)
              .boxed()
              .max(Comparator.comparingDouble(i -> gold[i]))
              .orElseThrow();
      figures.put(arm.getKey() + " peak", gold[peak]);
      figures.put(arm.getKey() + " last", gold[TENTHS - 1]);
      figures.put(arm.getKey() + " kl", tenths(rows, "kl")[TENTHS - 1]);
      if (arm.getKey().equals("single")) {
        double[] reward = tenths(rows, "reward");
        figures.put("start", rows.getFirst().get("gold"));
        figures.put("single reward at peak", reward[peak]);
        figures.put("single reward", reward[TENTHS - 1]);
      }
    }
    return new Outcome(figures, curves);
  }

  private static RewardSpec reward(
      Path model, int members, List<Transform> transforms, Optional<Combine> combine) {
    return new RewardSpec(
        Map.of("helpful", new RewardModel(model, members, Activation.NONE, "cpu")),
        transforms.isEmpty() ? Map.of() : Map.of("helpful", transforms),
        combine,
        List.of());
  }

  /** One run; all runs of a seed begin with the same weights. */
  private List<StepRow> align(
      Path folder, String arm, RewardSpec reward, boolean charged, long seed) {
    AlignSpec plain =
        Specs.parse(
            """
            model: { tiny: { layers: 2, width: 96 } }
            world: { style: {} }
            reward: { signals: { none: length } }
            start: { steps: %d, rate: 3e-3 }
            roll-out: { prompts: %d, responses: %d, max-tokens: 40 }
            update: { rate: 5e-4 }
            evaluate: { every: 0 }
            keep: { checkpoint: 1000000 }
            steps: %d
            %s
            """
                .formatted(
                    fineTuning,
                    prompts,
                    responses,
                    steps,
                    charged ? "kl-in-reward: { weight: " + charge + " }" : ""),
            name(),
            folder,
            AlignSpec.class);
    Path run = folder.resolve(arm);
    Path start = folder.resolve("single/start");
    if (!arm.equals("single")) copy(start, run.resolve("start"));
    List<StepRow> rows = new ArrayList<>();
    Alignment.Result result =
        new Alignment(
                plain.with(reward).with(steps, seed), run, Device.CPU, Progress.NONE, rows::add)
            .run(true);
    if (!result.why().isEmpty()) throw new GoodhartException(arm + ": " + result.why());
    return rows;
  }

  private static double[] tenths(List<StepRow> rows, String metric) {
    int n = rows.size();
    return IntStream.range(0, TENTHS)
        .mapToDouble(
            t ->
                rows.subList(n * t / TENTHS, n * (t + 1) / TENTHS).stream()
                    .mapToDouble(row -> row.get(metric))
                    .average()
                    .orElseThrow())
        .toArray();
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.toList()) Files.copy(file, to.resolve(file.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
