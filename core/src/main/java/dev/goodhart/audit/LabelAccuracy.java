package dev.goodhart.audit;

import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well a reward tells good responses from bad ones where each was judged on its own.
 *
 * <p>The area under the ROC curve needs no threshold. Accuracy does: for each half of the prompts
 * the one that was best on the other half is used, so that it is never chosen on what it is judged
 * by.
 *
 * @param responses with label and reward
 * @param good the share of them that is good
 * @param unscored responses with a label and no reward, left out
 * @param auroc how often a good response scores above a bad one
 * @param baseline the length rule
 * @param baselineAuroc the length rule's area
 * @param difference auroc minus baselineAuroc, paired
 * @param accuracy the share on the right side of the threshold
 * @param majority the accuracy of always giving the commoner label
 */
public record LabelAccuracy(
    String scorer,
    int responses,
    double good,
    int unscored,
    Interval auroc,
    String baseline,
    Interval baselineAuroc,
    Interval difference,
    Interval accuracy,
    double majority)
    implements Chapter {

  static LabelAccuracy of(AuditSet set, Scores scores, Bootstrap bootstrap) {
    double[] labels = set.labels();
    int[] prompts = set.prompts();
    int labelled = (int) Arrays.stream(labels).filter(l -> !Double.isNaN(l) && l != 0.5).count();
    int[] known =
        IntStream.range(0, labels.length)
            .filter(
                i -> !Double.isNaN(labels[i]) && labels[i] != 0.5 && !Double.isNaN(scores.value(i)))
            .toArray();
    double good =
        Arrays.stream(known).mapToDouble(i -> labels[i] > 0.5 ? 1 : 0).average().orElse(Double.NaN);
    Scores length = PairAccuracy.length(set);
    double[] values = scores.values();
    double[] lengths = length.values();
    double[] right = crossFitted(values, labels, prompts, known);
    return new LabelAccuracy(
        scores.name(),
        known.length,
        good,
        labelled - known.length,
        bootstrap.of(known, prompts, items -> Auroc.of(values, labels, items)),
        length.name(),
        bootstrap.of(known, prompts, items -> Auroc.of(lengths, labels, items)),
        bootstrap.of(
            known,
            prompts,
            items -> Auroc.of(values, labels, items) - Auroc.of(lengths, labels, items)),
        bootstrap.share(known, prompts, right),
        Math.max(good, 1 - good));
  }

  /**
   * 1 where a response is on the right side of the threshold that is best on the other half of the
   * prompts, else 0.
   */
  private static double[] crossFitted(
      double[] values, double[] labels, int[] prompts, int[] known) {
    double[] right = new double[values.length];
    Arrays.fill(right, Double.NaN);
    for (int half = 0; half < 2; half++) {
      int fold = half;
      double threshold =
          threshold(
              values, labels, Arrays.stream(known).filter(i -> prompts[i] % 2 != fold).toArray());
      for (int i : known) {
        if (prompts[i] % 2 == fold) {
          right[i] = values[i] > threshold == labels[i] > 0.5 ? 1 : 0;
        }
      }
    }
    return right;
  }

  /**
   * Between the two values where most labels are on their side; minus infinity calls everything
   * good.
   */
  static double threshold(double[] values, double[] labels, int[] items) {
    int[] order =
        Arrays.stream(items)
            .boxed()
            .sorted(java.util.Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int right = (int) Arrays.stream(order).filter(i -> labels[i] > 0.5).count();
    int most = right;
    double threshold = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < order.length; k++) {
      right += labels[order[k]] > 0.5 ? -1 : 1;
      boolean last = k + 1 == order.length;
      if (right > most && (last || values[order[k + 1]] > values[order[k]])) {
        most = right;
        threshold = last ? values[order[k]] : (values[order[k]] + values[order[k + 1]]) / 2;
      }
    }
    return threshold;
  }

  @Override
  public String key() {
    return "labels";
  }

  @Override
  public String title() {
    return "Good against bad";
  }

  @Override
  public List<Block> blocks() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of(scorer, auroc.text(), accuracy.percent()));
    if (baselineAuroc.isKnown()) {
      rows.add(List.of(baseline + " (length only)", baselineAuroc.text(), Figure.NONE));
      rows.add(List.of("difference, paired", difference.text(), Figure.NONE));
    }
    rows.add(List.of("always the commoner label", "0.50", Figure.percent(majority)));
    return List.of(
        Table.of(
            "Telling good responses from bad ones",
            List.of("by", "AUROC [95 %]", "accuracy [95 %]"),
            rows),
        Block.text(
            Figure.count(responses)
                + " responses, "
                + Figure.percent(good)
                + " of them good. The accuracy's threshold is"
                + " chosen on the other half of the prompts."
                + (unscored > 0
                    ? " " + Figure.count(unscored) + " responses have no reward and are left out."
                    : "")));
  }

  @Override
  public List<Finding> findings() {
    Map<String, Double> figures =
        Map.of("auroc", auroc.estimate(), "baseline", baselineAuroc.estimate());
    if (!auroc.isBounded()) {
      return List.of();
    }
    if (!auroc.isAbove(0.5)) {
      return List.of(
          new Finding(
              "tells-good-from-bad",
              Finding.Level.ALARM,
              scorer + " does not tell good responses from bad ones: AUROC " + auroc.text() + ".",
              figures));
    }
    boolean beats = !baselineAuroc.isKnown() || difference.isAbove(0);
    return List.of(
        new Finding(
            "tells-good-from-bad",
            beats ? Finding.Level.FINE : Finding.Level.ALARM,
            scorer
                + (beats ? " tells" : " tells, no better than '" + baseline + "',")
                + " good responses from bad ones: AUROC "
                + auroc.text()
                + (baselineAuroc.isKnown() ? " against " + baselineAuroc.text() : "")
                + ".",
            figures));
  }
}
