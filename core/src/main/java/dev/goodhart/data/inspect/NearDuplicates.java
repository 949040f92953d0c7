package dev.goodhart.data.inspect;

import dev.goodhart.Sample;
import dev.goodhart.audit.Finding.Level;
import dev.goodhart.data.Example;
import dev.goodhart.report.Figure;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prompts and responses that share at least four fifths of their word triples with another one
 * (Jaccard, estimated by {@link MinHash}) without being the same text; and pairs whose two
 * responses do.
 */
final class NearDuplicates implements Look {
  private static final double ALIKE = 0.8;

  /** One kind of text: which were there, and which are nearly another one. */
  private static final class Texts {
    private final String name;
    private final MinHash index;
    private final LongMap seen;
    private final int show;
    private final List<Shown> shown = new ArrayList<>();
    private long near;
    private long exact;

    Texts(String name, int limit, Seeds seeds, int show) {
      this.name = name;
      this.index = new MinHash(limit, seeds);
      this.seen = new LongMap(10 * limit);
      this.show = show;
    }

    void add(long line, String text) {
      if (text.isBlank()) {
        return;
      }
      long hash = Hash.of(text);
      if (seen.get(hash) != 0) {
        exact++;
        return;
      }
      seen.put(hash, 1);
      MinHash.Near nearest = index.add(text, line);
      if (nearest != null && nearest.similarity() >= ALIKE) {
        near++;
        if (shown.size() < show) {
          shown.add(Shown.of(line, nearest.mark(), text));
        }
      }
    }

    Observation observation() {
      long different = index.size() + index.refused();
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("near", (double) near);
      figures.put("different", (double) different);
      figures.put("used-again", (double) exact);
      String says =
          (near == 0 ? "None of " : Figure.count(near) + " of ")
              + Figure.count(different)
              + " different "
              + name
              + "s"
              + (near == 1 ? " is" : " are")
              + " nearly the same as an earlier one"
              + (index.refused() > 0
                  ? ", of which the first " + Figure.count(index.size()) + " were remembered"
                  : "")
              + (exact > 0 && name.equals("response")
                  ? "; " + Figure.count(exact) + " more are the same word for word."
                  : ".");
      Level level = 100 * near > different ? Level.NOTE : Level.FINE;
      return Observation.of(level, "near-duplicate-" + name + "s", says, figures).showing(shown);
    }
  }

  private final Texts prompts;
  private final Texts responses;
  private final int show;
  private final List<Shown> shown = new ArrayList<>();
  private long pairs;
  private long alike;

  NearDuplicates(int limit, Seeds seeds, int show) {
    this.prompts = new Texts("prompt", limit, seeds, show);
    this.responses = new Texts("response", limit, seeds, show);
    this.show = show;
  }

  @Override
  public void see(Item item) {
    prompts.add(item.line(), item.prompt().text());
    for (Sample sample : item.samples()) {
      responses.add(item.line(), sample.response());
    }
    for (Example.Pair pair : item.pairs()) {
      pairs++;
      if (Triples.jaccard(pair.preference().chosen(), pair.preference().rejected()) >= ALIKE) {
        alike++;
        if (shown.size() < show) {
          shown.add(Shown.of(item.line(), 0, pair.preference()));
        }
      }
    }
  }

  @Override
  public List<Observation> observations() {
    List<Observation> all = new ArrayList<>();
    if (prompts.index.size() > 0) {
      all.add(prompts.observation());
    }
    if (responses.index.size() > 0) {
      all.add(responses.observation());
    }
    if (pairs > 0) {
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("alike", (double) alike);
      figures.put("of", (double) pairs);
      all.add(
          Observation.of(
                  100 * alike > pairs ? Level.NOTE : Level.FINE,
                  "responses-alike",
                  (alike == 0 ? "No" : Figure.count(alike) + " of " + Figure.count(pairs))
                      + (alike == 0
                          ? " pair compares"
                          : alike == 1 ? " pairs compares" : " pairs compare")
                      + " two nearly equal responses.",
                  figures)
              .showing(shown));
    }
    return all;
  }
}
