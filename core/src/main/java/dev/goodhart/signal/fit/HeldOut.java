package dev.goodhart.signal.fit;

import dev.goodhart.audit.Accuracy;
import dev.goodhart.audit.Auroc;
import dev.goodhart.audit.Bootstrap;
import dev.goodhart.audit.Interval;
import dev.goodhart.audit.Reliability;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a model does on prompts that took no part in its fit, beside the rule that the longer
 * response wins. Intervals hold 95 %, by bootstrap over prompts; what there is no data for is
 * {@link Interval#NONE}.
 *
 * @param prompts held out
 * @param comparisons of them, ties left out
 * @param accuracy the share of comparisons in the right order
 * @param longer the share in which the longer response is the better one
 * @param difference accuracy minus longer, paired
 * @param ece the expected calibration error of the comparisons' probabilities; NaN of none
 * @param labels responses of those prompts that were judged on their own
 * @param auroc how often a good response is rewarded above a bad one
 * @param longerAuroc how often the good one is longer
 * @param aurocDifference auroc minus longerAuroc, paired
 * @param labelEce the expected calibration error of the labels' probabilities; NaN of none
 */
public record HeldOut(
    int prompts,
    int comparisons,
    Interval accuracy,
    Interval longer,
    Interval difference,
    double ece,
    int labels,
    Interval auroc,
    Interval longerAuroc,
    Interval aurocDifference,
    double labelEce) {
  private static final int BINS = 15;
  private static final int REPLICATES = 2000;

  /** About how many items are sorted for the interval of an area; more would take minutes. */
  private static final double SORTED = 2e7;

  /**
   * Measures on judgements of prompts that were held out.
   *
   * @param rewards by the response's number, in log-odds; those of other responses are not looked
   *     at
   * @param lengths by the response's number
   */
  public static HeldOut of(List<Judgement> items, double[] rewards, int[] lengths, long seed) {
    List<Judgement> pairs =
        items.stream().filter(i -> !i.isLabel() && i.probability() != 0.5).toList();
    List<Judgement> labels = items.stream().filter(Judgement::isLabel).toList();
    double[] length = Arrays.stream(lengths).asDoubleStream().toArray();
    double[] gaps = Temperature.differences(pairs, rewards);
    double[] hits = hits(pairs, gaps);
    double[] baseline = hits(pairs, Temperature.differences(pairs, length));
    List<Interval> shares = shares(hits, baseline, prompts(pairs), seed);

    double[] judged = Temperature.differences(labels, rewards);
    double[] good = labels.stream().mapToDouble(Judgement::probability).toArray();
    List<Interval> areas =
        areas(judged, Temperature.differences(labels, length), good, prompts(labels), seed);
    return new HeldOut(
        (int) items.stream().mapToInt(Judgement::prompt).distinct().count(),
        pairs.size(),
        shares.get(0),
        shares.get(1),
        shares.get(2),
        ece(gaps, pairs),
        labels.size(),
        areas.get(0),
        areas.get(1),
        areas.get(2),
        Reliability.ece(
            Arrays.stream(judged).map(BradleyTerry::sigmoid).toArray(), good, all(good), BINS));
  }

  /**
   * The shares of the model, of the length rule, and their difference. A drawn prompt brings all of
   * its pairs, so its sums are all that the bootstrap needs: prompts are its items here.
   */
  private static List<Interval> shares(double[] hits, double[] baseline, int[] prompts, long seed) {
    if (hits.length == 0) {
      return List.of(Interval.NONE, Interval.NONE, Interval.NONE);
    }
    int[] distinct = Arrays.stream(prompts).distinct().toArray();
    Map<Integer, Integer> place = new HashMap<>();
    for (int prompt : distinct) {
      place.put(prompt, place.size());
    }
    double[] pairs = new double[distinct.length];
    double[] model = new double[distinct.length];
    double[] rule = new double[distinct.length];
    for (int i = 0; i < hits.length; i++) {
      int at = Objects.requireNonNull(place.get(prompts[i]));
      pairs[at]++;
      model[at] += hits[i];
      rule[at] += baseline[i];
    }
    return new Bootstrap(REPLICATES, 0.95, seed)
        .curve(
            IntStream.range(0, distinct.length).toArray(),
            drawn -> {
              double n = sum(pairs, drawn);
              double right = sum(model, drawn) / n;
              double longer = sum(rule, drawn) / n;
              return new double[] {right, longer, right - longer};
            });
  }

  private static double sum(double[] values, int[] drawn) {
    double sum = 0;
    for (int at : drawn) {
      sum += values[at];
    }
    return sum;
  }

  private static double[] hits(List<Judgement> pairs, double[] gaps) {
    double[] hits = new double[gaps.length];
    for (int i = 0; i < hits.length; i++) {
      hits[i] = Accuracy.pair(gaps[i], 0, pairs.get(i).probability());
    }
    return hits;
  }

  private static int[] prompts(List<Judgement> items) {
    return items.stream().mapToInt(Judgement::prompt).toArray();
  }

  /** Of the probabilities that the response with the higher reward wins, in [0.5, 1]. */
  private static double ece(double[] gaps, List<Judgement> pairs) {
    double[] predicted = Arrays.stream(gaps).map(d -> BradleyTerry.sigmoid(Math.abs(d))).toArray();
    double[] outcome = new double[gaps.length];
    for (int i = 0; i < outcome.length; i++) {
      double p = pairs.get(i).probability();
      outcome[i] = gaps[i] > 0 ? p : gaps[i] < 0 ? 1 - p : 0.5;
    }
    return Reliability.ece(predicted, outcome, all(outcome), BINS);
  }

  private static List<Interval> areas(
      double[] rewards, double[] length, double[] good, int[] prompts, long seed) {
    if (good.length == 0) {
      return List.of(Interval.NONE, Interval.NONE, Interval.NONE);
    }
    int replicates = (int) Math.clamp(SORTED / good.length, 100, REPLICATES);
    return new Bootstrap(replicates, 0.95, seed)
        .curve(
            prompts,
            items -> {
              double model = Auroc.of(rewards, good, items);
              double rule = Auroc.of(length, good, items);
              return new double[] {model, rule, model - rule};
            });
  }

  private static int[] all(double[] values) {
    return IntStream.range(0, values.length).toArray();
  }

  /** The figures by name, for the model's card; intervals as {@code [estimate, low, high]}. */
  public Map<String, @Nullable Object> figures() {
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("prompts", prompts);
    if (comparisons > 0) {
      figures.put("comparisons", comparisons);
      figures.put("accuracy", shown(accuracy));
      figures.put("longer-wins", shown(longer));
      figures.put("difference", shown(difference));
      figures.put("ece", ece);
    }
    if (labels > 0) {
      figures.put("labels", labels);
      figures.put("auroc", shown(auroc));
      figures.put("longer-auroc", shown(longerAuroc));
      figures.put("auroc-difference", shown(aurocDifference));
      figures.put("label-ece", labelEce);
    }
    return figures;
  }

  private static List<@Nullable Double> shown(Interval interval) {
    return Arrays.asList(
        finite(interval.estimate()), finite(interval.low()), finite(interval.high()));
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
