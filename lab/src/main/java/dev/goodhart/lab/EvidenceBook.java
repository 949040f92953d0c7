package dev.goodhart.lab;

import dev.goodhart.GoodhartException;
import dev.goodhart.lab.Claim.Verdict;
import dev.goodhart.lab.Evidence.Estimate;
import dev.goodhart.lab.Evidence.Tested;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import dev.goodhart.run.AtomicOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The evidence of all experiments that were run, in two files: {@code evidence.json} for machines
 * and {@code evidence.md}, with its pictures, for people. New evidence replaces what an experiment
 * of the same name had before.
 *
 * @param entries by system, then by name
 */
public record EvidenceBook(List<Evidence> entries) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public EvidenceBook {
    entries =
        entries.stream()
            .sorted(Comparator.comparingInt(Evidence::system).thenComparing(Evidence::name))
            .toList();
  }

  /** The book in a folder; an empty one where there is none yet. */
  public static EvidenceBook read(Path folder) {
    Path file = folder.resolve("evidence.json");
    if (!Files.exists(file)) {
      return new EvidenceBook(List.of());
    }
    try {
      return new EvidenceBook(
          JSON.readValue(Files.readString(file), new TypeReference<List<Evidence>>() {}));
    } catch (IOException | JacksonException e) {
      throw new GoodhartException(
          file
              + ": is not evidence that this version wrote; delete it to start anew ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  /** The book with this evidence added. */
  public EvidenceBook with(List<Evidence> added) {
    List<Evidence> all = new ArrayList<>(added);
    entries.stream()
        .filter(old -> added.stream().noneMatch(e -> e.name().equals(old.name())))
        .forEach(all::add);
    return new EvidenceBook(all);
  }

  /** Writes both files, and a picture of each experiment's curves into {@code evidence/}. */
  public void write(Path folder) {
    for (Evidence e : entries) {
      if (EvidencePicture.drawable(e)) {
        AtomicOutput.write(folder.resolve(picture(e)), EvidencePicture.of(e));
      }
    }
    AtomicOutput.write(folder.resolve("evidence.json"), json(entries));
    AtomicOutput.write(folder.resolve("evidence.md"), markdown());
  }

  private static String picture(Evidence e) {
    return "evidence/" + e.name() + ".svg";
  }

  /** Evidence as JSON. */
  public static String json(List<Evidence> evidence) {
    return JSON.writeValueAsString(evidence) + "\n";
  }

  String markdown() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Evidence

        What became of the published claims on small worlds whose gold reward is known. Written by
        `goodhart reproduce --write`; every figure comes from that program.

        A method and its baseline run under the same seeds; the difference is paired by seed and given with its standard
        error. A claim **holds** when the difference is more than two standard errors in the claimed direction, **fails** when
        it is more than two the other way, and is **inconclusive** between.

        | system | experiment | seeds | holds | inconclusive | fails | seconds |
        |---|---|---|---|---|---|---|
        """);
    for (Evidence e : entries) {
      page.append(
          "| %d | [%s](#%s) | %d to %d | %d | %d | %d | %s |\n"
              .formatted(
                  e.system(),
                  e.name(),
                  e.name(),
                  e.firstSeed(),
                  e.firstSeed() + e.seeds() - 1,
                  count(e, Verdict.HOLDS),
                  count(e, Verdict.INCONCLUSIVE),
                  count(e, Verdict.FAILS),
                  e.seconds() == null ? "" : Figure.of(e.seconds())));
    }
    for (Evidence e : entries) {
      section(e, page);
    }
    return page.toString();
  }

  private static void section(Evidence e, StringBuilder page) {
    page.append("\n## %s\n\nSystem %d. %s.\n\n".formatted(e.name(), e.system(), e.title()));
    page.append("Parameters: `%s`. %s\n\n".formatted(e.parameters(), e.tuning()));
    page.append(
        "| claim | method | baseline | difference ± s.e. | verdict |\n|---|---|---|---|---|\n");
    for (Tested c : e.claims()) {
      page.append(
          "| %s | %s | %s | %s%s | %s |\n"
              .formatted(
                  c.says(),
                  number(c.method()),
                  number(c.baseline()),
                  signed(c.difference()),
                  c.tolerance() > 0 ? ", within " + c.tolerance() : "",
                  c.verdict()));
    }
    if (e.axis().points().isEmpty()) {
      return;
    }
    if (EvidencePicture.drawable(e)) {
      page.append("\n![Curves of %s](%s)\n".formatted(e.name(), picture(e)));
    }
    page.append("\nMean over seeds ± s.e.:\n\n| ").append(e.axis().name()).append(" | ");
    page.append(String.join(" | ", e.curves().keySet()))
        .append(" |\n|---|")
        .append("---|".repeat(e.curves().size()));
    for (int i = 0; i < e.axis().points().size(); i++) {
      int at = i;
      double point = e.axis().points().get(i);
      page.append("\n| ")
          .append(point == Math.rint(point) ? String.valueOf((long) point) : String.valueOf(point));
      page.append(" | ");
      page.append(
          e.curves().values().stream()
              .map(curve -> plain(curve.get(at)))
              .collect(Collectors.joining(" | ")));
      page.append(" |");
    }
    page.append('\n');
  }

  /** The claims as a table, for a terminal or a report. */
  public static Table table(Evidence e) {
    return new Table(
        "system %d, %s: seeds %d to %d"
            .formatted(e.system(), e.name(), e.firstSeed(), e.firstSeed() + e.seeds() - 1),
        List.of(
            new Table.Column("claim", false),
            new Table.Column("method", true),
            new Table.Column("baseline", true),
            new Table.Column("difference ± s.e.", true),
            new Table.Column("verdict", false)),
        e.claims().stream()
            .map(
                c ->
                    List.of(
                        c.name(),
                        number(c.method()),
                        number(c.baseline()),
                        signed(c.difference()),
                        c.verdict().toString()))
            .toList());
  }

  private static long count(Evidence e, Verdict verdict) {
    return e.claims().stream().filter(c -> c.verdict() == verdict).count();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String signed(Estimate e) {
    return String.format(Locale.ROOT, "%+.3f ± %.3f", e.mean(), e.standardError());
  }

  private static String plain(Estimate e) {
    return String.format(Locale.ROOT, "%.2f ± %.2f", e.mean(), e.standardError());
  }
}
