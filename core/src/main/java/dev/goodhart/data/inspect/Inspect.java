package dev.goodhart.data.inspect;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.BadRow;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entries;
import dev.goodhart.data.Entry;
import dev.goodhart.data.Example;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a data set once and says what is in it.
 *
 * @param truncate the length in characters at which chosen and rejected are compared; 0 tries
 *     several
 * @param examples how many rows are shown of each finding
 * @param remembered how many different texts duplicates are looked for among; a tenth of them for
 *     near duplicates
 * @param seed of the hashes and of the sample that noise is estimated on
 */
public record Inspect(int truncate, int examples, int remembered, long seed) {
  /** A few hundred megabytes at most. */
  public static final Inspect DEFAULT = new Inspect(0, 2, 1_000_000, 1);

  public Inspect {
    if (truncate < 0 || examples < 0 || remembered < 10) {
      throw new IllegalArgumentException(
          "truncate and examples must be at least 0, remembered at least 10");
    }
  }

  /**
   * Inspects a data set.
   *
   * @throws GoodhartException if it cannot be read to its end, or no row is good
   */
  public Inspection of(Dataset data, Progress progress) {
    Seeds seeds = new Seeds(seed);
    Lengths lengths = new Lengths();
    List<Look> looks =
        List.of(
            lengths,
            new Winners(remembered),
            new Agreement(remembered),
            new Values(remembered),
            new Duplicates(remembered, examples),
            new NearDuplicates(remembered / 10, seeds, examples),
            new Contradictions(remembered, examples),
            new Truncation(truncate, examples),
            new SurestTenth(seeds, examples));
    Map<String, Long> kinds = new LinkedHashMap<>();
    Map<String, Long> badKinds = new TreeMap<>();
    List<Shown> badShown = new ArrayList<>();
    progress.start("inspecting bytes", data.bytes());
    long rows;
    long bad;
    try (Entries entries = data.entries()) {
      long read = 0;
      while (entries.hasNext()) {
        switch (entries.next()) {
          case Entry.Good good -> see(good, looks, kinds);
          case Entry.Bad b -> see(b.bad(), badKinds, badShown);
        }
        progress.advance(entries.bytesRead() - read);
        read = entries.bytesRead();
      }
      rows = entries.count();
      bad = entries.bad();
    } finally {
      progress.done();
    }
    if (rows == bad) {
      throw new GoodhartException(data.file() + ": none of its " + rows + " rows is good");
    }
    progress.start("estimating", looks.size());
    List<Observation> observations = new ArrayList<>();
    for (Look look : looks) {
      observations.addAll(look.observations());
      progress.advance(1);
    }
    progress.done();
    return new Inspection(
        data.file().toString(),
        data.digest(),
        data.recognition(),
        rows,
        new Inspection.Bad(bad, badKinds, badShown),
        kinds,
        lengths.byPart(),
        observations);
  }

  private static void see(Entry.Good good, List<Look> looks, Map<String, Long> kinds) {
    for (Example example : good.examples()) {
      kinds.merge(example.getClass().getSimpleName().toLowerCase(Locale.ROOT), 1L, Long::sum);
      Item item = Item.of(good.row(), example);
      looks.forEach(look -> look.see(item));
    }
  }

  private void see(BadRow bad, Map<String, Long> kinds, List<Shown> shown) {
    String field = bad.field() == null ? "" : bad.field() + ": ";
    String reason = field + bad.reason();
    // Counted without the details: a value, a length, what exactly is wrong with the JSON.
    String kind =
        field
            + bad.reason()
                .replaceFirst("(is broken JSON).*", "$1")
                .replaceAll("(not|has|is) ('[^']*'|\\d+)", "$1 …");
    long count = kinds.getOrDefault(kind, 0L) + 1;
    kinds.put(kind, count);
    if (count <= examples && shown.size() < 10 * examples) {
      shown.add(Shown.of(bad.line(), 0, reason));
    }
  }
}
