package dev.goodhart.data.inspect;

import dev.goodhart.data.Recognition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@link Inspect} found in a file.
 *
 * @param digest of the file
 * @param rows how many it has, bad ones included
 * @param examples how many of each kind: {@code pair}, {@code labelled}, {@code rated}, {@code
 *     ranked}, {@code plain}, {@code task}
 * @param lengths in characters, by part
 */
public record Inspection(
    String file,
    String digest,
    Recognition recognition,
    long rows,
    Bad bad,
    Map<String, Long> examples,
    Map<String, Histogram> lengths,
    List<Observation> observations) {

  /**
   * The rows that could not be used.
   *
   * @param reasons how many of each
   * @param shown some of them
   */
  public record Bad(long rows, Map<String, Long> reasons, List<Shown> shown) {}

  /** The figures for a program: one JSON object. */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", file);
    all.put("digest", digest);
    all.put("layout", recognition.layout().id());
    all.put("written-as", recognition.source());
    all.put("columns", recognition.columns());
    all.put("roles", recognition.roles());
    all.put("rows", rows);
    all.put(
        "bad",
        Map.of("rows", bad.rows(), "reasons", bad.reasons(), "examples", shown(bad.shown())));
    all.put("examples", examples);
    Map<String, Object> parts = new LinkedHashMap<>();
    lengths.forEach((part, histogram) -> parts.put(part, quantiles(histogram)));
    all.put("characters", parts);
    all.put("findings", observations.stream().map(Inspection::json).toList());
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(all);
  }

  private static Map<String, Object> json(Observation o) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", o.finding().name());
    all.put("level", o.finding().level().name().toLowerCase(java.util.Locale.ROOT));
    all.put("says", o.finding().says());
    all.put("figures", o.finding().figures());
    all.put("examples", shown(o.shown()));
    return all;
  }

  private static List<Map<String, Object>> shown(List<Shown> rows) {
    return rows.stream()
        .map(
            s -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("line", s.line());
              if (s.earlier() > 0) {
                one.put("earlier", s.earlier());
              }
              one.put("text", s.text());
              return one;
            })
        .toList();
  }

  static Map<String, Number> quantiles(Histogram histogram) {
    Map<String, Number> all = new LinkedHashMap<>();
    all.put("count", histogram.count());
    all.put("mean", histogram.mean());
    all.put("least", histogram.least());
    all.put("5%", histogram.quantile(0.05));
    all.put("median", histogram.quantile(0.5));
    all.put("95%", histogram.quantile(0.95));
    all.put("most", histogram.largest());
    return all;
  }

  /** For a reader at a terminal of this width. */
  public String text(int width) {
    return new InspectionText(this, width).toString();
  }
}
