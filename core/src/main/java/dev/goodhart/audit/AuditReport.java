package dev.goodhart.audit;

import dev.goodhart.report.Block;
import dev.goodhart.report.Chart;
import dev.goodhart.report.Notice;
import dev.goodhart.report.Page;
import dev.goodhart.report.Paragraph;
import dev.goodhart.report.Section;
import dev.goodhart.report.Table;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.Provenance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * An audit as text for a terminal, as JSON for machines and as a page for readers.
 *
 * @param title what was audited, on what
 * @param provenance what makes it repeatable
 */
public record AuditReport(String title, Audit audit, Provenance provenance) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new Known())
                  .addSerializer(double.class, new Known()))
          .build();

  /** What is not known is null: JSON has no NaN. */
  private static final class Known extends ValueSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializationContext context) {
      if (Double.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeNull();
      }
    }
  }

  /** All figures, each chapter under its key, and where they come from. */
  public String json() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("title", title);
    report.put("findings", audit.findings());
    Map<String, Object> chapters = new LinkedHashMap<>();
    for (Chapter chapter : audit.chapters()) {
      String key = chapter.key();
      for (int copy = 2; chapters.containsKey(key); copy++) {
        key = chapter.key() + "-" + copy;
      }
      chapters.put(key, chapter);
    }
    report.put("chapters", chapters);
    report.put("provenance", provenance);
    return JSON.writeValueAsString(report) + "\n";
  }

  /** A self-contained page. */
  public String html() {
    List<Section> sections = new ArrayList<>();
    List<Block> short_ = new ArrayList<>();
    for (Finding finding : audit.findings()) {
      short_.add(new Notice(tone(finding.level()), finding.says()));
    }
    sections.add(new Section("In short", short_));
    for (Chapter chapter : audit.chapters()) {
      sections.add(new Section(chapter.title(), chapter.blocks()));
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("command", provenance.command());
    facts.put("seed", Long.toString(provenance.seed()));
    facts.putAll(provenance.data());
    facts.putAll(provenance.versions());
    String lead =
        "What the reward gets right, what it pays for, and how it can be hacked. Intervals hold 95"
            + " %, by bootstrap over prompts.";
    return new Page(title, lead, sections, facts).html();
  }

  private static Notice.Tone tone(Finding.Level level) {
    return switch (level) {
      case FINE -> Notice.Tone.GOOD;
      case NOTE -> Notice.Tone.NOTE;
      case ALARM -> Notice.Tone.BAD;
    };
  }

  /** The findings and every table, for a terminal of some width. */
  public String text(int width) {
    StringBuilder out = new StringBuilder(wrapped(title, width, "")).append('\n');
    for (Finding finding : audit.findings()) {
      String word = tone(finding.level()).word();
      out.append(
          wrapped(word + " ".repeat(7 - word.length()) + finding.says(), width, " ".repeat(7)));
    }
    for (Chapter chapter : audit.chapters()) {
      out.append('\n')
          .append(chapter.title())
          .append('\n')
          .append("═".repeat(chapter.title().length()))
          .append('\n');
      for (Block block : chapter.blocks()) {
        switch (block) {
          case Table table ->
              out.append(table.caption()).append('\n').append(table.text(width)).append('\n');
          case Paragraph paragraph -> out.append(wrapped(paragraph.text(), width, "")).append('\n');
          case Notice notice -> out.append(wrapped(notice.text(), width, "")).append('\n');
          case Chart _ -> {} // Its figures stand in the tables.
        }
      }
    }
    return out.toString();
  }

  private static String wrapped(String text, int width, String indent) {
    return new Paragraph(text).lines(width, indent);
  }

  /**
   * Writes {@code report.json} and {@code report.html} into a folder; or one of them, where the
   * path ends with {@code .json} or {@code .html}.
   */
  public void write(Path to) {
    String name = String.valueOf(to.getFileName());
    if (name.endsWith(".json")) {
      AtomicOutput.write(to, json());
    } else if (name.endsWith(".html")) {
      AtomicOutput.write(to, html());
    } else {
      AtomicOutput.write(
          Map.of(to.resolve("report.json"), json(), to.resolve("report.html"), html()));
    }
  }
}
