package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.audit.Interval;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.OnBadRow;
import dev.goodhart.data.Reading;
import dev.goodhart.run.Provenance;
import dev.goodhart.signal.ModelFolder;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.FitMethod;
import dev.goodhart.signal.fit.FitRequest;
import dev.goodhart.signal.fit.HeldOut;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
      "  goodhart fit train.parquet -o models/helpful --holdout test.parquet",
      "  goodhart fit pairs.jsonl.gz -o models/helpful --model tiny --max-length 512",
      "  goodhart fit pairs.jsonl.gz -o models/helpful --model tiny --resume      after a kill",
      "  goodhart fit pairs.jsonl.gz -o models/helpful --model qwen3-0.6b --lora 8 --rate 2e-4"
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
      description =
          "hashed (n-grams, no native code), tiny or small (a new transformer), or the folder of a"
              + " Hugging Face model (default: ${DEFAULT-VALUE}).")
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
      names = "--score",
      paramLabel = "COL",
      description = "The rating that counts, where there are several.")
  @Nullable String score;

  @Option(names = "--force", description = "Replace a model that is in DIR already.")
  boolean force;

  @ArgGroup(exclusive = false)
  MarginOption margin = new MarginOption();

  @ArgGroup(exclusive = false, heading = "%nOf hashed models:%n")
  HashedOptions hashed = new HashedOptions();

  @ArgGroup(exclusive = false, heading = "%nOf neural models:%n")
  NeuralOptions neural = new NeuralOptions();

  @Mixin DataOptions options;

  /** What hashed and neural models know. */
  static final class MarginOption {
    @Option(
        names = "--margin",
        paramLabel = "M",
        arity = "0..1",
        fallbackValue = "1",
        description =
            "By how many log-odds a pair should be won for each unit of its strength (default: 0,"
                + " strength does not count; without a number: 1).")
    @Nullable Double margin;
  }

  /** What only hashed models know. */
  static final class HashedOptions {
    @Option(
        names = "--features",
        split = ",",
        paramLabel = "GROUP",
        description =
            "What of a response the model looks at: words, word-pairs, characters, openings,"
                + " style (length and layout), prompt (default: all but word-pairs).")
    @Nullable List<String> features;
  }

  /** What only neural models know. */
  static final class NeuralOptions {
    @Option(
        names = "--loss",
        paramLabel = "NAME",
        description =
            "What comparisons cost, as a spec would name it: bradley-terry, rao-kupper,"
                + " davidson, scaled-bradley-terry; step-outcome learns verdicts on steps,"
                + " 'attribute-regression: {attributes: [a, b]}' ratings (default:"
                + " bradley-terry).")
    @Nullable String loss;

    @Option(
        names = "--lora",
        paramLabel = "R",
        description = "Train adapters of rank R and the head, not the whole model.")
    @Nullable Integer lora;

    @Option(
        names = "--merge",
        description =
            "Save the model with its adapters merged in, not the adapters alone, which need the"
                + " folder that they were trained on.")
    @Nullable Boolean merge;

    @Option(
        names = "--members",
        paramLabel = "KIND",
        description =
            "What an ensemble is: heads on one transformer, adapters, or models (default: heads,"
                + " with --lora adapters).")
    @Nullable String members;

    @Option(
        names = "--epochs",
        paramLabel = "N",
        description = "Passes over the training data at most (default: 3).")
    @Nullable Integer epochs;

    @Option(
        names = "--rate",
        paramLabel = "X",
        description =
            "AdamW's peak learning rate (default: tiny 1e-3, small 3e-4, a folder 1e-5,"
                + " adapters 2e-4).")
    @Nullable Double rate;

    @Option(
        names = "--batch",
        paramLabel = "N",
        description = "About how many comparisons a step learns from (default: 32).")
    @Nullable Integer batch;

    @Option(
        names = "--max-length",
        paramLabel = "N",
        description =
            "Tokens of prompt and response; of more the prompt's beginning is left out"
                + " (default: 1024).")
    @Nullable Integer maxLength;

    @Option(
        names = "--device",
        paramLabel = "DEV",
        description = "cpu, cuda, cuda:N, or auto: a GPU where there is one (default: auto).")
    @Nullable String device;

    @Option(
        names = "--resume",
        description = "Go on where a killed fit of the same command stopped.")
    @Nullable Boolean resume;
  }

  @Override
  public void run() {
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
    FitRequest request =
        new FitRequest(model, dataset, heldOut, share, ensemble, seed, output, given());
    FitMethod method = FitMethod.of(request);
    String command = String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    // A single model trains on one core, which leaves another for the digest of a large file.
    ForkJoinTask<Provenance> provenance =
        ForkJoinPool.commonPool()
            .submit(() -> Provenance.of("goodhart " + command, seed, files.toArray(Path[]::new)));
    Fit fit = method.fit(request, Main.progress(spec));
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

  /** The options that not every kind of model knows, by name, where they were given. */
  private Map<String, Object> given() {
    Map<String, Object> given = new LinkedHashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (option.group() != null) {
        given.put(option.longestName().substring(2), option.getValue());
      }
    }
    return given;
  }

  private void say(Fit fit) {
    PrintWriter out = spec.commandLine().getOut();
    Fit.Training t = fit.training();
    out.printf(
        Locale.ROOT,
        "Fitted %s to %,d comparisons and %,d labels of %,d prompts; temperature %.3g%n",
        fit.model().size() == 1 ? "one model" : fit.model().size() + " models",
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
}
