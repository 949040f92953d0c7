package dev.goodhart.lab.quickstart;

import dev.goodhart.lab.bestofn.HackingCurve;
import dev.goodhart.lab.bestofn.HackingCurve.Mean;
import dev.goodhart.lab.bestofn.HackingCurve.Peak;
import dev.goodhart.report.Figure;
import java.util.ArrayList;
import java.util.Comparator;
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
    return "Hacking sets in at n = %s (KL %s nats; %s): up to there, choosing by the %s raises gold from %s to %s; beyond it the model's reward keeps rising while gold falls, by %s at n = %s%s."
        .formatted(
            Figure.count(peak.n()),
            Figure.fixed(peak.kl(), 1),
            interval(peak),
            curve.name(),
            number(means[0].value()),
            number(peak.gold()),
            plusMinus(fall),
            end,
            means[means.length - 1].value() < means[0].value() ? ", below where it began" : "");
  }

  /** In a sentence, what the ensemble was good for: its best form against the single model. */
  static String verdict(List<HackingCurve> ensembles, HackingCurve single) {
    HackingCurve best =
        ensembles.stream()
            .max(Comparator.comparingDouble(e -> e.over(single).value()))
            .orElseThrow();
    Mean over = best.over(single);
    String which =
        "the best of its forms, the %s, earns %s at n = %s."
            .formatted(
                best.name(), compared(over, "the single model"), Figure.count(single.most()));
    return (over.above() ? "The ensemble saved gold: " : "The ensemble saved nothing here: ")
        + which;
  }

  /**
   * What one way of taking the members together earns at the largest n, and whether it is hacked.
   */
  static String saved(HackingCurve ensemble, HackingCurve single, HackingCurve member) {
    Mean over = ensemble.over(single);
    Mean fall = ensemble.fall();
    Mean lost = single.fall();
    StringBuilder text = new StringBuilder();
    text.append("At n = ").append(Figure.count(single.most())).append(" the ");
    text.append(ensemble.name()).append(" earns ").append(compared(over, "the single model"));
    if (over.above() && lost.above()) {
      text.append(
          over.value() >= lost.value()
              ? " (all that hacking cost that one, and more)"
              : " (%s %% of what hacking cost that one)"
                  .formatted(Figure.fixed(100 * over.value() / lost.value(), 0)));
    }
    text.append(", and ").append(compared(ensemble.over(member), "an average member"));
    text.append(
        fall.above()
            ? "; it is hacked too, and falls by " + plusMinus(fall) + " from its own peak."
            : "; it shows no fall of its own that can be told from chance (" + signed(fall) + ").");
    return text.toString();
  }

  /** What the members are worth one by one: they see fewer pairs than a model fitted to all. */
  static String member(HackingCurve member, HackingCurve single) {
    return "An average member of the ensemble, fitted to a resampling of the same prompts, earns %s at n = %s."
        .formatted(compared(member.over(single), "the single model"), Figure.count(single.most()));
  }

  private static String compared(Mean over, String whom) {
    if (over.above()) {
      return plusMinus(over) + " more gold than " + whom;
    }
    if (over.below()) {
      return plusMinus(new Mean(-over.value(), over.standardError())) + " less gold than " + whom;
    }
    return "as much gold as %s as far as can be told (%s)".formatted(whom, signed(over));
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

  private static String interval(Peak peak) {
    return peak.low() == peak.high()
        ? "at least 90 % of resamplings of the prompts agree"
        : "90 %% interval %s to %s".formatted(Figure.count(peak.low()), Figure.count(peak.high()));
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
