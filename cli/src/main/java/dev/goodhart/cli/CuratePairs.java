package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.curate.PairsFromRatings;
import dev.goodhart.curate.RatedResponses;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.OnBadRow;
import dev.goodhart.data.PairLine;
import dev.goodhart.data.Reading;
import dev.goodhart.report.Figure;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.Progress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart curate pairs}: preference pairs from rated responses to the same prompt. */
@Command(
    name = "pairs",
    description =
        "Makes preference pairs of rated (or labelled) responses to the same prompt: every two"
            + " whose scores differ by the gap, the difference as the pair's strength.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart curate pairs responses.jsonl.gz -o pairs.jsonl --min-gap 0.3",
      "  goodhart curate pairs helpsteer.jsonl -o pairs.jsonl --score helpfulness --min-gap 1",
      "  goodhart curate pairs scored.csv -o pairs.jsonl --score stars --max-per-prompt 10"
    })
final class CuratePairs implements Runnable {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "Rated or labelled responses, in any format.")
  Path data;

  @Option(names = "-o", paramLabel = "OUT.jsonl", required = true, description = "The pairs.")
  Path output;

  @Option(names = "--prompt", paramLabel = "COL", description = "The prompt's column, if unusual.")
  @Nullable String prompt;

  @Option(names = "--response", paramLabel = "COL", description = "The response's, if unusual.")
  @Nullable String response;

  @Option(
      names = "--score",
      paramLabel = "COL",
      description = "The rating, where there are several.")
  @Nullable String score;

  @Option(
      names = "--min-gap",
      paramLabel = "G",
      defaultValue = "0.3",
      description = "The smallest difference of two scores (default: ${DEFAULT-VALUE}).")
  double minGap;

  @Option(
      names = "--max-per-prompt",
      paramLabel = "N",
      defaultValue = "0",
      description = "At most so many pairs of a prompt, drawn at random (default: all).")
  int maxPerPrompt;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of that draw (default: ${DEFAULT-VALUE}).")
  long seed;

  @Mixin DataOptions options;

  @Override
  public void run() {
    if (!(minGap > 0) || maxPerPrompt < 0) {
      throw new GoodhartException("--min-gap must be above 0, --max-per-prompt at least 0");
    }
    PairsFromRatings pairs = new PairsFromRatings(minGap, maxPerPrompt, seed);
    Progress progress = Main.progress(spec);
    RatedResponses rated = RatedResponses.of(Dataset.open(data, reading()), progress);
    PairsFromRatings.Made made = pairs.of(rated.responses());
    AtomicOutput.writeLines(output, made.pairs().stream().map(PairLine::of).iterator());
    spec.commandLine()
        .getErr()
        .println(
            Figure.count(made.pairs().size())
                + " pairs of "
                + Figure.count(made.prompts())
                + " prompts; "
                + Figure.count(made.close())
                + " couples differ by less than "
                + Figure.of(minGap)
                + ", "
                + Figure.count(made.same())
                + " have the same text, "
                + Figure.count(made.left())
                + " were above the limit per prompt; "
                + Figure.count(rated.bad())
                + " of "
                + Figure.count(rated.rows())
                + " rows skipped");
    spec.commandLine().getErr().flush();
  }

  private Reading reading() {
    Reading reading = options.reading(OnBadRow.FAIL, output);
    reading = prompt == null ? reading : reading.with("prompt", prompt);
    reading = response == null ? reading : reading.with("response", response);
    return score == null ? reading : reading.with("rating", score);
  }
}
