package dev.goodhart.data.inspect;

import dev.goodhart.audit.Finding.Level;
import dev.goodhart.data.Example;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The numbers in the file: ratings and strengths with their mean, deviation and ends, how far a
 * rating goes with the length of the response (Pearson's correlation with the logarithm of the
 * length in characters), and how well two ratings of the same response agree where there are such.
 */
final class Values implements Look {
  /** Sums of one number, and of it with another. */
  private static final class Sums {
    private long n;
    private double x;
    private double xx;
    private double y;
    private double yy;
    private double xy;
    private double difference;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    void add(double value, double other) {
      n++;
      x += value;
      xx += value * value;
      y += other;
      yy += other * other;
      xy += value * other;
      difference += Math.abs(value - other);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }

    double deviation() {
      return Math.sqrt(Math.max(0, xx / n - x / n * (x / n)));
    }

    /** NaN when one of the two never changes. */
    double correlation() {
      double covariance = xy / n - x / n * (y / n);
      return covariance / Math.sqrt((xx / n - x / n * (x / n)) * (yy / n - y / n * (y / n)));
    }
  }

  private final int limit;
  private final Map<String, Sums> ratings = new LinkedHashMap<>();
  private final Map<String, WithinPrompts> within = new LinkedHashMap<>();
  private final Sums strengths = new Sums();
  private final LongMap earlier;
  private final Map<String, Sums> twice = new LinkedHashMap<>();
  private long references;
  private long samples;

  Values(int limit) {
    this.limit = limit;
    this.earlier = new LongMap(limit);
  }

  @Override
  public void see(Item item) {
    for (Example.Pair pair : item.pairs()) {
      pair.preference().strength().ifPresent(s -> strengths.add(s, 0));
    }
    switch (item.example()) {
      case Example.Rated rated -> see(item, rated);
      case Example.Plain(var sample) -> {
        samples++;
        references += sample.reference() == null ? 0 : 1;
      }
      case Example.Labelled(var sample, var label) -> {
        samples++;
        references += sample.reference() == null ? 0 : 1;
      }
      case Example.Task task -> {
        samples++;
        references += task.reference() == null ? 0 : 1;
      }
      case Example.Pair p -> {}
      case Example.Ranked r -> {}
    }
  }

  private void see(Item item, Example.Rated rated) {
    String response = rated.sample().response();
    double length = Math.log(response.codePointCount(0, response.length()));
    long key = Hash.join(item.promptHash(), Hash.of(response));
    rated
        .ratings()
        .forEach(
            (name, rating) -> {
              ratings.computeIfAbsent(name, n -> new Sums()).add(rating, length);
              within
                  .computeIfAbsent(name, n -> new WithinPrompts(limit))
                  .add(item.promptHash(), rating, length);
              long of = Hash.join(key, Hash.of(name));
              long before = earlier.get(of);
              if (before == 0) {
                // Never 0, which would mean that there is none.
                earlier.put(of, Double.doubleToLongBits(rating) + 1);
              } else {
                twice
                    .computeIfAbsent(name, n -> new Sums())
                    .add(rating, Double.longBitsToDouble(before - 1));
              }
            });
  }

  @Override
  public List<Observation> observations() {
    List<Observation> all = new ArrayList<>();
    ratings.forEach(
        (name, sums) -> {
          Map<String, Double> figures = spread(sums);
          WithinPrompts inPrompts = Objects.requireNonNull(within.get(name));
          // Where most prompts have one response there is nothing to compare within them.
          boolean repeated = 2 * inPrompts.compared() >= sums.n;
          double correlation = repeated ? inPrompts.correlation() : sums.correlation();
          String among = repeated ? " among the responses to one prompt" : " over all prompts";
          boolean known = Double.isFinite(correlation);
          if (known) {
            figures.put(
                repeated ? "length-correlation-within-prompts" : "length-correlation", correlation);
          }
          all.add(
              Observation.of(
                  known && Math.abs(correlation) > 0.2 ? Level.NOTE : Level.FINE,
                  "rating-" + name,
                  "'"
                      + name
                      + "' "
                      + words(sums)
                      + (known
                          ? "; its correlation with the logarithm of the length is "
                              + Figure.fixed(correlation, 2)
                              + among
                              + "."
                          : "."),
                  figures));
        });
    twice.forEach(
        (name, sums) -> {
          double correlation = sums.correlation();
          Map<String, Double> figures = new LinkedHashMap<>();
          figures.put("of", (double) sums.n);
          figures.put("mean-difference", sums.difference / sums.n);
          if (Double.isFinite(correlation)) {
            figures.put("correlation", correlation);
          }
          all.add(
              Observation.of(
                  correlation < 0.6 ? Level.NOTE : Level.FINE,
                  "agreement-" + name,
                  Figure.count(sums.n)
                      + " responses are rated again by '"
                      + name
                      + "', "
                      + (sums.difference == 0
                          ? "all as before: copies, or a rater without doubt."
                          : "which differs by "
                              + Figure.of(sums.difference / sums.n)
                              + " on average, correlation "
                              + Figure.fixed(correlation, 2)
                              + "; no reward can follow it more closely than it does itself."),
                  figures));
        });
    if (strengths.n > 0) {
      all.add(
          Observation.of(
              Level.FINE,
              "strength",
              "The pairs' strength " + words(strengths) + ".",
              spread(strengths)));
    }
    if (samples > 0) {
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("references", (double) references);
      figures.put("of", (double) samples);
      all.add(
          Observation.of(
              references > 0 && references < samples ? Level.NOTE : Level.FINE,
              "references",
              references == 0
                  ? "No example has a reference answer."
                  : Figure.count(references)
                      + " of "
                      + Figure.count(samples)
                      + " have a reference answer.",
              figures));
    }
    return all;
  }

  private static Map<String, Double> spread(Sums sums) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("of", (double) sums.n);
    figures.put("mean", sums.x / sums.n);
    figures.put("deviation", sums.deviation());
    figures.put("least", sums.least);
    figures.put("most", sums.most);
    return figures;
  }

  private static String words(Sums sums) {
    return "goes from "
        + Figure.of(sums.least)
        + " to "
        + Figure.of(sums.most)
        + ", mean "
        + Figure.of(sums.x / sums.n)
        + ", deviation "
        + Figure.of(sums.deviation());
  }
}
