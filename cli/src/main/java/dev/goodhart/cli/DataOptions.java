package dev.goodhart.cli;

import dev.goodhart.data.Layout;
import dev.goodhart.data.OnBadRow;
import dev.goodhart.data.Reading;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** How a command reads its data file; the same options wherever there is one. */
final class DataOptions {
  @Option(
      names = "--format",
      paramLabel = "LAYOUT",
      converter = LayoutName.class,
      description =
          "Forces a layout where the columns do not tell: preference, implicit-preference,"
              + " comparison, ranked, ratings, unpaired, solutions, stepwise, responses, messages,"
              + " question-answer, prompt-only.")
  @Nullable Layout format;

  @Option(
      names = "--on-bad-row",
      paramLabel = "fail|skip",
      description =
          "What becomes of a row that cannot be used: stop there, or count it and write it to the"
              + " file of bad rows.")
  @Nullable OnBadRow onBadRow;

  @Option(
      names = "--bad-rows",
      paramLabel = "FILE",
      description = "Where skipped rows are written to (default: beside the output, .bad.jsonl).")
  @Nullable Path badRows;

  @Option(
      names = "--column",
      paramLabel = "ROLE=NAME",
      description =
          "An unusual column's name, by its role: prompt, response, chosen, rejected, label,"
              + " rating, reference, id. May be given several times.")
  Map<String, String> columns = new LinkedHashMap<>();

  /**
   * What the options come to.
   *
   * @param byDefault what becomes of bad rows when the user does not say
   * @param output what the command writes; null when it writes nothing but text
   */
  Reading reading(OnBadRow byDefault, @Nullable Path output) {
    Reading reading = Reading.DEFAULT.as(format);
    for (Map.Entry<String, String> column : columns.entrySet()) {
      reading = reading.with(column.getKey(), column.getValue());
    }
    OnBadRow then = onBadRow == null ? byDefault : onBadRow;
    if (then == OnBadRow.FAIL) {
      return reading;
    }
    Path beside = output == null ? null : Reading.badRowsBeside(output);
    return reading.skippingTo(badRows == null ? beside : badRows);
  }

  /** A layout by its name. */
  static final class LayoutName implements ITypeConverter<Layout> {
    @Override
    public Layout convert(String name) {
      return Layout.of(name);
    }
  }
}
