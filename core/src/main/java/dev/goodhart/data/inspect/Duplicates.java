package dev.goodhart.data.inspect;

import dev.goodhart.Preference;
import dev.goodhart.Sample;
import dev.goodhart.audit.Finding.Level;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Examples that repeat an earlier one word for word, and how many different prompts there are. */
final class Duplicates implements Look {
  private final int show;
  private final LongMap rows;
  private final LongMap prompts;
  private final List<Shown> shown = new ArrayList<>();
  private long seen;
  private long repeated;
  private long mostOfAPrompt;

  Duplicates(int limit, int show) {
    this.rows = new LongMap(limit);
    this.prompts = new LongMap(limit);
    this.show = show;
  }

  @Override
  public void see(Item item) {
    seen++;
    long ofPrompt = prompts.get(item.promptHash()) + 1;
    prompts.put(item.promptHash(), ofPrompt);
    mostOfAPrompt = Math.max(mostOfAPrompt, ofPrompt);

    long[] parts = new long[item.samples().size() + 1];
    parts[0] = item.promptHash();
    for (int i = 0; i < item.samples().size(); i++) {
      parts[i + 1] = Hash.of(item.samples().get(i).response());
    }
    long key = Hash.join(parts);
    long earlier = rows.get(key);
    if (earlier == 0) {
      rows.put(key, item.line());
    } else {
      repeated++;
      if (shown.size() < show) {
        shown.add(shown(item, earlier));
      }
    }
  }

  private static Shown shown(Item item, long earlier) {
    if (!item.pairs().isEmpty()) {
      Preference p = item.pairs().getFirst().preference();
      return Shown.of(item.line(), earlier, p);
    }
    List<Sample> samples = item.samples();
    return samples.isEmpty()
        ? Shown.of(item.line(), earlier, item.prompt())
        : Shown.of(item.line(), earlier, samples.getFirst().response());
  }

  @Override
  public List<Observation> observations() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("repeated", (double) repeated);
    figures.put("of", (double) seen);
    String limit =
        rows.refused() > 0
            ? " (compared with the first " + Figure.count(rows.size()) + " only)"
            : "";
    String says =
        repeated == 0
            ? "No example repeats another" + limit + "."
            : Figure.count(repeated)
                + " of "
                + Figure.count(seen)
                + " examples repeat an earlier one word for word"
                + limit
                + ": they count twice in training, and leak when one falls into the held-out part.";
    Observation duplicates =
        Observation.of(repeated == 0 ? Level.FINE : Level.NOTE, "exact-duplicates", says, figures)
            .showing(shown);
    if (prompts.refused() > 0) {
      return List.of(duplicates);
    }
    Map<String, Double> perPrompt = new LinkedHashMap<>();
    perPrompt.put("prompts", (double) prompts.size());
    perPrompt.put("most-examples-of-one", (double) mostOfAPrompt);
    boolean shared = prompts.size() < seen;
    return List.of(
        duplicates,
        Observation.of(
            shared ? Level.NOTE : Level.FINE,
            "prompts",
            shared
                ? Figure.count(prompts.size())
                    + " different prompts, up to "
                    + Figure.count(mostOfAPrompt)
                    + " examples of one: split by prompt, not by row, when holding data out."
                : "Every example has a prompt of its own.",
            perPrompt));
  }
}
