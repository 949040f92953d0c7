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
 * Pairs that a trainer cannot tell apart once it has cut them to a length: their responses begin
 * alike for that many characters, or the prompt alone fills it. Counted for the response by itself,
 * and for prompt and response together, cut at the end.
 */
final class Truncation implements Look {
  /** What is tried when the user names no length: about 64 to 2,048 tokens of English. */
  private static final int[] USUAL = {256, 512, 1024, 2048, 4096, 8192};

  private final int[] lengths;
  private final int show;
  private final long[] responses;
  private final long[] whole;
  private final List<Shown> shown = new ArrayList<>();
  private long pairs;

  /**
   * @param length in characters; 0 tries the usual ones
   */
  Truncation(int length, int show) {
    this.lengths = length > 0 ? new int[] {length} : USUAL;
    this.responses = new long[lengths.length];
    this.whole = new long[lengths.length];
    this.show = show;
  }

  @Override
  public void see(Item item) {
    if (item.pairs().isEmpty()) {
      return;
    }
    String text = item.prompt().text();
    int prompt = text.codePointCount(0, text.length());
    for (Example.Pair pair : item.pairs()) {
      Preference p = pair.preference();
      pairs++;
      int alike = alike(p.chosen(), p.rejected());
      for (int i = 0; i < lengths.length; i++) {
        responses[i] += alike >= lengths[i] ? 1 : 0;
        boolean same = prompt + alike >= lengths[i];
        whole[i] += same ? 1 : 0;
        if (same && lengths.length == 1 && shown.size() < show) {
          shown.add(Shown.of(item.line(), 0, p));
        }
      }
    }
  }

  /** How many characters two different texts share at their beginning. */
  static int alike(String one, String other) {
    int most = Math.min(one.length(), other.length());
    int n = 0;
    while (n < most && one.charAt(n) == other.charAt(n)) {
      n++;
    }
    return one.codePointCount(0, n);
  }

  @Override
  public List<Observation> observations() {
    if (pairs == 0) {
      return List.of();
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("of", (double) pairs);
    double worst = 0;
    int told = 0; // the lengths up to the first at which all pairs can still be told apart
    for (int i = 0; i < lengths.length; i++) {
      figures.put("responses-alike-at-" + lengths[i], (double) responses[i]);
      figures.put("with-prompt-alike-at-" + lengths[i], (double) whole[i]);
      told = whole[i] > 0 ? i + 1 : told;
      worst =
          Math.max(
              worst, lengths[i] >= 2048 || lengths.length == 1 ? (double) whole[i] / pairs : 0);
    }
    Level level = worst > 0.05 ? Level.ALARM : worst > 0.01 ? Level.NOTE : Level.FINE;
    return List.of(
        Observation.of(level, "same-after-truncation", says(told), figures).showing(shown));
  }

  private String says(int told) {
    String of = " of " + Figure.count(pairs) + " pairs";
    if (told == 0) {
      return "Cut after "
          + Figure.count(lengths[0])
          + " characters or more, prompt and response together, all "
          + Figure.count(pairs)
          + " pairs can still be told apart.";
    }
    return "Cut after "
        + list(java.util.Arrays.stream(lengths).limit(told).asLongStream().toArray())
        + " characters, chosen and rejected are the same in "
        + list(java.util.Arrays.copyOf(responses, told))
        + of
        + "; cut together with their prompt, in "
        + list(java.util.Arrays.copyOf(whole, told))
        + ".";
  }

  private static String list(long[] counts) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < counts.length; i++) {
      list.append(i == 0 ? "" : i == counts.length - 1 ? " and " : ", ")
          .append(Figure.count(counts[i]));
    }
    return list.toString();
  }
}
