package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.audit.Interval;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.OnBadRow;
import dev.goodhart.data.Reading;
import dev.goodhart.run.Provenance;
import dev.goodhart.signal.ModelFolder;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.HeldOut;
import dev.goodhart.signal.hashed.FeatureGroup;
import dev.goodhart.signal.hashed.HashedBradleyTerry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart fit}: a reward model from preference data. */
@Command(
    name = "fit",
    description = {
      "Fits a reward model: to pairs (ties and soft labels too), ranked lists, ratings, or"
          + " responses labelled good or bad.",
      "A share of the prompts is held out and measures the model beside the rule that the longer"
          + " response wins; goodhart audit looks at those alone."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart fit pairs.jsonl.gz -o models/helpful",
      "  goodhart fit pairs.jsonl.gz -o models/helpful --ensemble 5 --seed 7",
      "  goodhart fit train.parquet -o models/helpful --holdout test.parquet"
    })
final class FitCommand implements Runnable {
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = "JSONL, JSON, CSV, TSV (plain, gz, zstd) or Parquet.")
  Path data;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to make for the model.")
  Path output;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "hashed",
      description = "What to fit; hashed n-grams need no native code (default: ${DEFAULT-VALUE}).")
  String model;

  @Option(
      names = "--ensemble",
      paramLabel = "K",
      defaultValue = "1",
      description = "How many models, each on prompts drawn anew (default: ${DEFAULT-VALUE}).")
  int ensemble;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the split, the order and the draws (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--holdout",
      paramLabel = "F",
      defaultValue = "0.1",
      description =
          "The share of prompts to hold out, or a file whose prompts measure the model"
              + " (default: ${DEFAULT-VALUE}).")
  String holdout;

  @Option(
      names = "--margin",
      paramLabel = "M",
      arity = "0..1",
      defaultValue = "0",
      fallbackValue = "1",
      description =
          "By how many log-odds a pair should be won for each unit of its strength (default: 0,"
              + " strength does not count; without a number: 1).")
  double margin;

  @Option(
      names = "--score",
      paramLabel = "COL",
      description = "The rating that counts, where there are several.")
  @Nullable String score;

  @Option(
      names = "--features",
      split = ",",
      converter = GroupName.class,
      paramLabel = "GROUP",
      description =
          "What of a response the model looks at: words, word-pairs, characters, openings, style"
              + " (length and layout), prompt (default: all but word-pairs).")
  List<FeatureGroup> features = HashedBradleyTerry.DEFAULT.features();

  @Option(names = "--force", description = "Replace a model that is in DIR already.")
  boolean force;

  @Mixin DataOptions options;

  @Override
  public void run() {
    if (!model.equals("hashed")) {
      throw new GoodhartException("--model " + model + ": there is no such model, only hashed");
    }
    ModelFolder.check(output, force);
    Dataset dataset = Dataset.open(data, reading(output));
    List<Path> files = new ArrayList<>(List.of(data));
    Optional<Dataset> heldOut = Optional.empty();
    double share = 0;
    if (holdout.matches("[0-9.]+")) {
      share = share(holdout);
    } else {
      Path file = Path.of(holdout);
      Path beside = output.resolveSibling(output.getFileName() + ".holdout");
      heldOut = Optional.of(Dataset.open(file, reading(beside)));
      files.add(file);
    }
    HashedBradleyTerry method = method(share);
    String command = String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    // A single model trains on one core, which leaves another for the digest of a large file.
    ForkJoinTask<Provenance> provenance =
        ForkJoinPool.commonPool()
            .submit(() -> Provenance.of("goodhart " + command, seed, files.toArray(Path[]::new)));
    Fit fit = method.fit(dataset, heldOut, seed, Main.progress(spec));
    fit.model().save(output, force, provenance.join());
    say(fit);
  }

  private Reading reading(Path beside) {
    Reading reading = options.reading(OnBadRow.FAIL, beside);
    return score == null ? reading : reading.with("rating", score);
  }

  private static double share(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new GoodhartException("--holdout " + text + ": expected a share below 1 or a file", e);
    }
  }

  private HashedBradleyTerry method(double share) {
    try {
      return HashedBradleyTerry.DEFAULT
          .withEnsemble(ensemble)
          .withHoldout(share)
          .withMargin(margin)
          .withFeatures(features);
    } catch (IllegalArgumentException e) {
      throw new GoodhartException("--" + e.getMessage(), e);
    }
  }

  private void say(Fit fit) {
    PrintWriter out = spec.commandLine().getOut();
    Fit.Training t = fit.training();
    out.printf(
        Locale.ROOT,
        "Fitted %s to %,d comparisons and %,d labels of %,d prompts; temperature %.3g%n",
        ensemble == 1 ? "one model" : ensemble + " models",
        t.comparisons(),
        t.labels(),
        t.prompts(),
        t.temperature());
    HeldOut h = fit.heldOut();
    if (h.comparisons() > 0) {
      out.printf(
          Locale.ROOT, "Held out: %,d prompts, %,d comparisons%n", h.prompts(), h.comparisons());
      line(out, "accuracy", h.accuracy());
      line(out, "the longer response wins", h.longer());
      line(out, "difference, paired", h.difference());
      out.printf(Locale.ROOT, "  %-26s %.3f%n", "calibration error (ECE)", h.ece());
    }
    if (h.labels() > 0) {
      out.printf(Locale.ROOT, "Held out: %,d prompts, %,d labels%n", h.prompts(), h.labels());
      line(out, "AUROC", h.auroc());
      line(out, "AUROC of the length", h.longerAuroc());
      line(out, "difference, paired", h.aurocDifference());
      out.printf(Locale.ROOT, "  %-26s %.3f%n", "calibration error (ECE)", h.labelEce());
    }
    fit.notes().forEach(out::println);
    out.println(
        "Saved in "
            + output
            + "; look closer with: goodhart audit "
            + output
            + " "
            + data
            + " -o report");
    out.flush();
  }

  private static void line(PrintWriter out, String what, Interval value) {
    out.printf(Locale.ROOT, "  %-26s %s%n", what, value.percent());
  }

  /** A group of features by its name. */
  static final class GroupName implements ITypeConverter<FeatureGroup> {
    @Override
    public FeatureGroup convert(String name) {
      return FeatureGroup.of(name);
    }
  }
}
