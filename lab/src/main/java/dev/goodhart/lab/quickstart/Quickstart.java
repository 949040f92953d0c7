package dev.goodhart.lab.quickstart;

import static java.util.stream.Collectors.joining;

import dev.goodhart.Preference;
import dev.goodhart.audit.Audit;
import dev.goodhart.audit.AuditData;
import dev.goodhart.audit.Bootstrap;
import dev.goodhart.audit.PairAccuracy;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Example;
import dev.goodhart.data.PairLine;
import dev.goodhart.lab.bestofn.BestOfNStudy;
import dev.goodhart.lab.bestofn.HackingCurve;
import dev.goodhart.lab.style.StyleWorld;
import dev.goodhart.lab.style.StyleWorld.Draws;
import dev.goodhart.report.Figure;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.fit.FittedReward;
import dev.goodhart.signal.hashed.HashedBradleyTerry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Goodhart's main job in half a minute, on the style world, where the truth is known: from labelled
 * pairs to a reward model and an ensemble, to an audit of both, to what becomes of the true reward
 * when best-of-n optimises against them.
 *
 * @param pairs to fit on
 * @param heldOut more pairs of the same annotators, to audit on
 * @param members of the ensemble
 * @param prompts of best-of-n
 * @param samples base responses a prompt
 * @param edits how many responses the audit edits
 */
public record Quickstart(
    StyleWorld world, int pairs, int heldOut, int members, int prompts, int samples, int edits) {
  public static final Quickstart DEFAULT =
      new Quickstart(StyleWorld.DEFAULT, 4000, 1000, 5, 64, 4096, 200);

  private static final List<Integer> NS =
      List.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024);

  /**
   * Runs it and leaves the pairs, the models and the reports in a folder.
   *
   * @param command as typed, for the report
   */
  public QuickstartReport run(Path folder, long seed, String command, Progress progress) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    Seeds seeds = new Seeds(seed);
    Draws draws = world.open();
    List<Preference> all = draws.pairs(pairs + heldOut, seeds);
    Path training = folder.resolve("pairs.jsonl");
    Path other = folder.resolve("heldout.jsonl");
    write(training, all.subList(0, pairs));
    write(other, all.subList(pairs, pairs + heldOut));
    Provenance provenance = Provenance.of(command, seed, training, other);

    FittedReward single = timed("fit", seconds, () -> fit(1, all, seed, progress));
    FittedReward ensemble = timed("fit ensemble", seconds, () -> fit(members, all, seed, progress));
    single.save(folder.resolve("single"), true, provenance);
    ensemble.save(folder.resolve("ensemble"), true, provenance);

    Audit ofSingle =
        timed("audit", seconds, () -> audit(other, "single model", single, edits, seed, progress));
    Audit ofEnsemble =
        timed(
            "audit ensemble", seconds, () -> audit(other, "ensemble", ensemble, 0, seed, progress));
    List<HackingCurve> curves =
        timed(
            "best of n",
            seconds,
            () ->
                new BestOfNStudy(
                        draws,
                        single,
                        ensemble,
                        prompts,
                        samples,
                        NS.stream().filter(n -> n <= samples / 4).toList())
                    .curves(seeds, progress));
    QuickstartReport report =
        new QuickstartReport(
            this,
            accuracy(ofSingle, ofEnsemble, all.subList(pairs, pairs + heldOut)),
            ofSingle,
            ofEnsemble,
            curves,
            provenance,
            seconds);
    report.write(folder);
    return report;
  }

  private FittedReward fit(int size, List<Preference> all, long seed, Progress progress) {
    return HashedBradleyTerry.DEFAULT
        .withEnsemble(size)
        .withHoldout(0)
        .fit(all.subList(0, pairs).stream().map(Example.Pair::new).toList(), seed, progress)
        .model();
  }

  private static Audit audit(
      Path data, String name, Signal model, int edits, long seed, Progress progress) {
    return Audit.ofScorer(
        AuditData.plain().read(Dataset.open(data)),
        name,
        batch -> batch.stream().map(model::of).toList(),
        false,
        Bootstrap.of(seed),
        edits,
        progress);
  }

  /** How good the models are before anybody optimises against them. */
  private String accuracy(Audit single, Audit ensemble, List<Preference> judged) {
    PairAccuracy one = accuracy(single);
    PairAccuracy five = accuracy(ensemble);
    double agree =
        judged.stream().filter(p -> gold(p, "gold_chosen") > gold(p, "gold_rejected")).count();
    return "On %s held-out pairs the single model agrees with %s of the labels and the ensemble with %s; the rule that the longer response wins, with %s, and gold itself, since labels are biased and noisy, with %s."
        .formatted(
            Figure.count(judged.size()),
            one.accuracy().percent(),
            five.accuracy().percent(),
            one.baselineAccuracy().percent(),
            Figure.percent(agree / judged.size()));
  }

  private static PairAccuracy accuracy(Audit audit) {
    return audit.chapters().stream()
        .filter(PairAccuracy.class::isInstance)
        .map(PairAccuracy.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static double gold(Preference pair, String column) {
    return (Double) Objects.requireNonNull(pair.columns().get(column));
  }

  private static <T> T timed(String stage, Map<String, Double> seconds, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    seconds.put(stage, (System.nanoTime() - start) / 1e9);
    return result;
  }

  /** Pairs as JSON lines, with the columns that tell the truth. */
  private static void write(Path file, List<Preference> pairs) {
    AtomicOutput.write(file, pairs.stream().map(p -> PairLine.of(p) + "\n").collect(joining()));
  }
}
