package dev.goodhart.lab.quickstart;

import dev.goodhart.lab.quickstart.HackingCurve.Mean;
import dev.goodhart.lab.quickstart.HackingCurve.Peak;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.List;

/**
 * Says in plain words what the curves show. Every sentence is chosen by the figures: two standard
 * errors decide between a finding and the admission that there is none.
 */
final class HackingWords {
  private HackingWords() {}

  /** Where, and whether, hacking of a single model sets in. */
  static String onset(HackingCurve curve, Peak peak, Mean fall) {
    int last = curve.ns()[curve.ns().length - 1];
    Mean[] means = curve.means();
    String end = Figure.count(last);
    if (!fall.above()) {
      return "No hacking shows up to n = %s: choosing by the %s, gold goes from %s at n = 1 to %s at n = %s, and its fall from the peak (at n = %s) is %s, not more than chance gives."
          .formatted(
              end,
              curve.name(),
              number(means[0].value()),
              number(means[means.length - 1].value()),
              end,
              Figure.count(peak.n()),
              plusMinus(fall));
    }
    return "Hacking sets in at n = %s (KL %s nats; 90 %% interval %s to %s): up to there, choosing by the %s raises gold from %s to %s; beyond it the model's reward keeps rising while gold falls, by %s at n = %s%s."
        .formatted(
            Figure.count(peak.n()),
            Figure.fixed(peak.kl(), 1),
            Figure.count(peak.low()),
            Figure.count(peak.high()),
            curve.name(),
            number(means[0].value()),
            number(peak.gold()),
            plusMinus(fall),
            end,
            means[means.length - 1].value() < means[0].value() ? ", below where it began" : "");
  }

  /** What one ensemble did compared with the single model at the largest n. */
  static String saved(HackingCurve ensemble, HackingCurve single, Mean singleFall) {
    Mean over = ensemble.over(single);
    Mean fall = ensemble.fall();
    int last = single.ns()[single.ns().length - 1];
    StringBuilder text = new StringBuilder("The ").append(ensemble.name());
    String at = " at n = " + Figure.count(last);
    if (over.above()) {
      text.append(" earns ")
          .append(plusMinus(over))
          .append(" more gold than the single model")
          .append(at);
      if (singleFall.above()) {
        double share = over.value() / singleFall.value();
        text.append(
            share >= 1
                ? ", more than all of what hacking cost it"
                : ", " + Figure.fixed(100 * share, 0) + " % of what hacking cost it");
      }
    } else if (over.below()) {
      text.append(" earns ").append(plusMinus(new Mean(-over.value(), over.standardError())));
      text.append(" less gold than the single model").append(at);
    } else {
      text.append(" earns as much gold as the single model").append(at);
      text.append(" as far as can be told (difference ").append(signed(over)).append(")");
    }
    text.append(
        fall.above()
            ? "; it is hacked too, and falls by " + plusMinus(fall) + " from its own peak."
            : "; it shows no fall of its own that can be told from chance (" + signed(fall) + ").");
    return text.toString();
  }

  /** What the arms choose when they may choose from many: the length tells of a shared bias. */
  static String lengths(List<HackingCurve> curves) {
    HackingCurve first = curves.getFirst();
    int last = first.ns().length - 1;
    List<String> each = new ArrayList<>();
    for (HackingCurve curve : curves) {
      each.add(Figure.fixed(curve.meanWords()[last].value(), 0) + " by the " + curve.name());
    }
    return "A response of the base policy has %s words on average; the one chosen from %s has %s."
        .formatted(
            Figure.fixed(first.meanWords()[0].value(), 0),
            Figure.count(first.ns()[last]),
            String.join(", ", each.subList(0, each.size() - 1)) + " and " + each.getLast());
  }

  static String number(double value) {
    return Figure.fixed(value, 2);
  }

  static String plusMinus(Mean mean) {
    return number(mean.value()) + " ± " + number(mean.standardError());
  }

  private static String signed(Mean mean) {
    return (mean.value() < 0 ? "" : "+") + plusMinus(mean);
  }
}
