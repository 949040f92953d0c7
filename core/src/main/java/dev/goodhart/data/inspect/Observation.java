package dev.goodhart.data.inspect;

import dev.goodhart.audit.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A finding with rows to look at.
 *
 * @param shown a few of the rows behind it
 */
public record Observation(Finding finding, List<Shown> shown) {
  public Observation {
    shown = List.copyOf(shown);
  }

  static Observation of(
      Finding.Level level, String name, String says, Map<String, Double> figures) {
    return new Observation(new Finding(name, level, says, figures), List.of());
  }

  Observation showing(List<Shown> rows) {
    return new Observation(finding, rows);
  }

  /**
   * A share's figures: {@code name}, {@code name-low}, {@code name-high} and how many it is taken
   * of.
   */
  static Map<String, Double> figures(String name, Share share) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("of", (double) share.of());
    if (share.of() > 0) {
      figures.put(name, share.value());
      figures.put(name + "-low", share.low());
      figures.put(name + "-high", share.high());
    }
    return figures;
  }
}
