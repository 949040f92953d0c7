package dev.goodhart.cli;

import dev.goodhart.data.Dataset;
import dev.goodhart.data.OnBadRow;
import dev.goodhart.run.Progress;
import dev.goodhart.score.Fingerprint;
import dev.goodhart.score.ScoreFile;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart score}: a reward for every row of a file. */
@Command(
    name = "score",
    description = {
      "Rewards every row of a data file by a reward spec or a model's folder.",
      "Writes one JSON object a row, in the file's order:",
      "{\"id\", \"reward\": number|null, \"parts\": {name: number|null}, \"deviation\","
          + " \"scale\": raw|log-odds|probability, \"unscored\": reason}.",
      "A row without a reward says why; it is never 0. Of a row with several responses the parts"
          + " are their rewards, and the reward is how far the preferred one is ahead of the mean"
          + " of the others (a pair: chosen less rejected); where the row prefers none it is their"
          + " mean.",
      "A row that cannot be read is unscored ('bad row: ...') unless --on-bad-row fail stops there."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart score models/helpful pairs.jsonl.gz -o scores.jsonl",
      "  goodhart score reward.yaml rollouts.parquet -o scores.jsonl --resume    after a kill",
      "  goodhart score reward.yaml rollouts.jsonl | head"
    })
final class Score implements Runnable {
  @Spec CommandSpec command;

  @Parameters(paramLabel = "SPEC|DIR", description = "A reward spec in YAML or a model's folder.")
  Path spec;

  @Parameters(
      paramLabel = "DATA",
      description = "JSONL, JSON, CSV, TSV (plain, gz, zstd) or Parquet.")
  Path data;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "Where to write (default: to stdout).")
  @Nullable Path output;

  @Option(
      names = "--resume",
      description =
          "Go on with OUT.partial, which a killed run has left; no row is lost or scored twice.")
  boolean resume;

  @Mixin DataOptions options;

  @Override
  public void run() {
    RewardSpec reward = RewardSpec.read(spec);
    Dataset dataset = Dataset.open(data, options.reading(OnBadRow.SKIP, output));
    Progress progress = Main.progress(command);
    try (Scorer scorer = new Scorer(reward)) {
      ScoreFile file = new ScoreFile(scorer, dataset);
      if (output == null) {
        note(toStdout(file, progress));
      } else {
        String fingerprint = Fingerprint.of(reward, Path.of(""), dataset);
        note(file.to(output, resume, fingerprint, progress));
      }
    }
  }

  /** A reader that has enough ({@code | head}) ends the run without a word. */
  private static ScoreFile.@Nullable Tally toStdout(ScoreFile file, Progress progress) {
    // Not System.out, which swallows a closed pipe and would score on for nobody.
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    try {
      return file.to(out, progress);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
        return null;
      }
      throw new dev.goodhart.GoodhartException("stdout: cannot be written: " + e.getMessage(), e);
    }
  }

  private void note(ScoreFile.@Nullable Tally tally) {
    if (tally == null) {
      return;
    }
    long unscored = tally.unscored().values().stream().mapToLong(Long::longValue).sum();
    String reasons =
        tally.unscored().entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(e -> e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", "));
    command
        .commandLine()
        .getErr()
        .println(
            tally.rows()
                + " rows"
                + (tally.resumed() > 0 ? ", " + tally.resumed() + " of them scored before" : "")
                + (unscored > 0 ? ", " + unscored + " unscored (" + reasons + ")" : ""));
    command.commandLine().getErr().flush();
  }
}
