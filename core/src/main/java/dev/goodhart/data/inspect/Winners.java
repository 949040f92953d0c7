package dev.goodhart.data.inspect;

import dev.goodhart.Preference;
import dev.goodhart.audit.Finding.Level;
import dev.goodhart.data.Example;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What wins without being read: the longer response, or the one that is listed first. And how many
 * pairs have no winner.
 */
final class Winners implements Look {
  private long pairs;
  private long ties;
  private long soft;
  private final Clustered longer;
  private final Clustered first;
  private final Clustered goodOnes;
  private final Histogram good = new Histogram();
  private final Histogram bad = new Histogram();

  Winners(int limit) {
    this.longer = new Clustered(limit);
    this.first = new Clustered(limit);
    this.goodOnes = new Clustered(limit);
  }

  @Override
  public void see(Item item) {
    for (Example.Pair pair : item.pairs()) {
      see(item.cluster(), pair);
    }
    if (item.example() instanceof Example.Labelled(var sample, var label) && label != 0.5) {
      goodOnes.add(item.cluster(), label > 0.5 ? 1 : 0);
      (label > 0.5 ? good : bad).add(length(sample.response()));
    }
  }

  private void see(long prompt, Example.Pair pair) {
    Preference p = pair.preference();
    pairs++;
    if (p.isTie()) {
      ties++;
      return;
    }
    soft += p.probability() > 0 && p.probability() < 1 ? 1 : 0;
    boolean chosenWins = p.probability() > 0.5;
    int difference = length(p.chosen()) - length(p.rejected());
    if (difference != 0) {
      longer.add(prompt, difference > 0 == chosenWins ? 1 : 0);
    }
    if (pair.listed() != Example.Listed.UNKNOWN) {
      boolean chosenFirst = pair.listed() == Example.Listed.CHOSEN_FIRST;
      first.add(prompt, chosenFirst == chosenWins ? 1 : 0);
    }
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public List<Observation> observations() {
    List<Observation> all = new ArrayList<>();
    if (pairs > 0) {
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("ties", (double) ties);
      figures.put("soft", (double) soft);
      figures.put("of", (double) pairs);
      all.add(
          Observation.of(
              ties > 0 ? Level.NOTE : Level.FINE,
              "ties",
              (ties == 0
                      ? "No ties"
                      : Figure.count(ties) + " of " + Figure.count(pairs) + " pairs are ties")
                  + (soft == 0 ? "." : "; " + Figure.count(soft) + " winners are not unanimous."),
              figures));
    }
    if (longer.cases() > 0) {
      Share share = longer.share();
      all.add(
          Observation.of(
              away(share, 0.1),
              "longer-wins",
              "The longer response wins in "
                  + share.text()
                  + " pairs of different length: a reward must beat that to have read anything.",
              Observation.figures("share", share)));
    }
    if (first.cases() > 0) {
      Share share = first.share();
      all.add(
          Observation.of(
              away(share, 0),
              "first-wins",
              "The response listed first wins in " + share.text() + " decided pairs.",
              Observation.figures("share", share)));
    }
    if (good.count() > 0 && bad.count() > 0) {
      double above = good.above(bad);
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("good", (double) good.count());
      figures.put("bad", (double) bad.count());
      figures.put("good-is-longer", above);
      all.add(
          Observation.of(
              Math.abs(above - 0.5) > 0.1 ? Level.NOTE : Level.FINE,
              "labels",
              goodOnes.share().text()
                  + " responses are good; a good one is longer than a bad one in "
                  + Figure.percent(above)
                  + " of all couples (half of the ties included).",
              figures));
    }
    return all;
  }

  /** Worth a note when the whole interval is further from one half than this. */
  private static Level away(Share share, double distance) {
    return share.low() > 0.5 + distance || share.high() < 0.5 - distance ? Level.NOTE : Level.FINE;
  }
}
