package dev.goodhart.data.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private static Histogram of(List<Integer> values) {
    Histogram histogram = new Histogram();
    values.forEach(histogram::add);
    return histogram;
  }

  @Property(tries = 50)
  void agreesWithSorting(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(max = 60_000) Integer> values,
      @ForAll @IntRange(max = 60_000) int at) {
    Histogram histogram = of(values);
    List<Integer> sorted = values.stream().sorted().toList();
    assertEquals(sorted.getFirst(), histogram.least());
    assertEquals(sorted.getLast(), histogram.largest());
    for (double share : new double[] {0.05, 0.5, 0.95, 1}) {
      int rank = (int) Math.max(1, Math.ceil(share * sorted.size()));
      assertEquals(sorted.get(rank - 1), histogram.quantile(share));
    }
    assertEquals(values.stream().filter(v -> v >= at).count(), histogram.atLeast(at));
    assertEquals(values.stream().mapToInt(v -> v).average().orElse(0), histogram.mean(), 1e-9);
  }

  @Property(tries = 50)
  void aboveCountsCouples(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 20) Integer> ones,
      @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 20) Integer> others) {
    double wins = 0;
    for (int one : ones) {
      for (int other : others) {
        wins += one > other ? 1 : one == other ? 0.5 : 0;
      }
    }
    assertEquals(wins / (ones.size() * others.size()), of(ones).above(of(others)), 1e-12);
  }

  @Test
  void longTextsAreKnownToOneInAThousand() {
    Histogram histogram = of(List.of(1, 100_000, 100_000, 2_000_000_000));
    assertEquals(100_000, histogram.quantile(0.5), 1024);
    assertEquals(2_000_000_000, histogram.largest());
    assertEquals(3, histogram.atLeast(70_000));
  }

  @Test
  void barsCountEveryValueOnce() {
    List<String> bars = of(List.of(3, 4, 5, 7, 8, 300)).bars(10);
    assertEquals(
        List.of(
            "        2 ███ 1",
            "        4 ██████████ 3",
            "        8 ███ 1",
            "       16  0",
            "       32  0",
            "       64  0",
            "      128  0",
            "      256 ███ 1"),
        bars);
    assertTrue(of(List.of(0)).bars(4).getFirst().endsWith("████ 1"));
  }
}
