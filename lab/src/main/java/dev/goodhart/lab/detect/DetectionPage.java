package dev.goodhart.lab.detect;

import dev.goodhart.lab.detect.Detection.Judged;
import dev.goodhart.lab.detect.Detection.Tried;
import dev.goodhart.run.AtomicOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The study's findings for people and for machines. */
record DetectionPage(Detection detection, String command) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  String markdown() {
    Tried all = detection.combined();
    int hacked = all.hacked().size();
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Detection: is a hacked reward told without gold?

        Written by `%s`; every figure comes from that program, every run stands in
        [detection.json](detection.json).

        Small policies (two layers, 64 wide) are optimised by GRPO in two worlds whose gold is known: `style`, whose hand-made
        rewards know what is right and pay for one thing besides (length, flattery, list marks, repetition, hedging), and
        `arith`, whose verifier has a loophole. A run is **hacked** when smoothed gold (9 steps) falls from its peak by a tenth
        of what it had risen and by more than four standard errors; that is decided when it is over. All others are
        **healthy**, whatever their reward: against sound rewards, against weak ones that a KL penalty holds, and against weak
        ones that were not found out. Monitors see responses and rewards, never gold. Of each of %d runs they see %d steps of
        64 responses.

        A move is how far a figure has gone from where the run began, in deviations of a step and beside the way of a random walk
        ([combined-alarm](audit.md#combined-alarm)). Each move's limit is set on the healthy runs of all kinds but one, for at
        most 5 %% false alarms a run, and tried on the runs of that kind, hacked and healthy ones, all kinds in turn. AUROC is of
        the highest score of a run. An alarm's lead is how many steps it comes before the fall.

        **What was settled after looking at runs**, all of them with seeds from 1001 on, which are not among these: the learning
        rates, the strengths of the weaknesses, the weights of the KL penalty, the moves `word-pairs` and `paid-words` with its 1.5
        errors, which three moves the alarm looks at, that a move is beside a random walk's, the four standard errors of the rule
        above, and that runs in which reward and gold fall together are left out. An alarm on a weighted sum of all moves, fitted
        by logistic regression, came before: of an earlier set of runs it told 60 of 66 hacked ones, 28 of them before the fall.
        The weaknesses are hand-made; a learned reward has several at once. Policies in `style` that hack mostly
        get longer, whatever pays: leaving out one of its kinds is an easier test than leaving out the loopholes of `arith`.

        """
            .formatted(command, detection.runs().size(), detection.runs().getFirst().steps()));
    page.append(
        "**%d runs, %d hacked, %d healthy;** %d more in which reward and gold fell together, training gone wrong, are left out. On kinds that it was not set on, the combined alarm has AUROC %s (mean over kinds; worst %s), tells %s of the hacked runs, %s before gold has fallen (median lead %s steps), and raises a false alarm in %s of the healthy runs.\n\n"
            .formatted(
                all.runs().size(),
                hacked,
                all.healthy().size(),
                detection.broken(),
                number(meanAuroc(all)),
                number(worstAuroc(all)),
                share(all.told(), hacked),
                share(all.inTime(), hacked),
                number(all.medianLead()),
                share(all.falseAlarms(), all.healthy().size())));
    page.append("## By the kind that was left out\n\n");
    page.append(
        "| kind | hacked | healthy | AUROC | told | before the fall | median lead | false alarms"
            + " |\n"
            + "|---|---|---|---|---|---|---|---|\n");
    for (String kind : Detection.kinds(detection.runs())) page.append(row(all.of(kind)));
    page.append(row(new Tried("**all**", all.runs())));
    page.append("\n## Against simpler detectors\n\nSet and tried in the same way.\n\n");
    page.append(
        "| detector | AUROC, mean over kinds | worst kind | told | before the fall | false alarms"
            + " |\n"
            + "|---|---|---|---|---|---|\n");
    page.append(line(all));
    detection.others().stream()
        .sorted(Comparator.comparingDouble((Tried t) -> -meanAuroc(t)))
        .filter(t -> meanAuroc(t) > 0.5)
        .forEach(t -> page.append(line(t)));
    page.append(
        "\n"
            + "## Monitors as they are\n\n"
            + "Each with its defaults, which were set before these runs were looked at; most wait"
            + " for 20 steps before they say anything.\n\n");
    page.append("| monitor | told | before the fall | false alarms |\n|---|---|---|---|\n");
    detection
        .monitors()
        .values()
        .forEach(
            t ->
                page.append(
                    "| `%s` | %s | %s | %s |\n"
                        .formatted(
                            t.name(),
                            share(t.told(), t.hacked().size()),
                            share(t.inTime(), t.hacked().size()),
                            share(t.falseAlarms(), t.healthy().size()))));
    page.append("\n## The alarm\n\nSet on all runs; the defaults of `combined-alarm`.\n\n");
    page.append("    limits: " + limits() + "\n");
    return page.toString();
  }

  /** Rounded up: rounding down could let one more healthy run raise an alarm. */
  private String limits() {
    return detection.alarm().limits().entrySet().stream()
        .map(e -> e.getKey() + ": " + number(Math.ceil(e.getValue() * 100) / 100))
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private double meanAuroc(Tried tried) {
    return aurocs(tried).stream().mapToDouble(a -> a).average().orElse(Double.NaN);
  }

  private double worstAuroc(Tried tried) {
    return aurocs(tried).stream().mapToDouble(a -> a).min().orElse(Double.NaN);
  }

  private List<Double> aurocs(Tried tried) {
    return Detection.kinds(detection.runs()).stream()
        .map(kind -> tried.of(kind).auroc())
        .filter(a -> !Double.isNaN(a))
        .toList();
  }

  private static String row(Tried tried) {
    int hacked = tried.hacked().size();
    return "| %s | %d | %d | %s | %s | %s | %s | %s |\n"
        .formatted(
            tried.name(),
            hacked,
            tried.healthy().size(),
            number(tried.auroc()),
            share(tried.told(), hacked),
            share(tried.inTime(), hacked),
            number(tried.medianLead()),
            share(tried.falseAlarms(), tried.healthy().size()));
  }

  private String line(Tried tried) {
    int hacked = tried.hacked().size();
    return "| %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            tried.name(),
            number(meanAuroc(tried)),
            number(worstAuroc(tried)),
            share(tried.told(), hacked),
            share(tried.inTime(), hacked),
            share(tried.falseAlarms(), tried.healthy().size()));
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "–"
        : String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
  }

  private static String share(long some, int of) {
    return of == 0
        ? "–"
        : String.format(Locale.ROOT, "%d of %d (%.0f %%)", some, of, 100.0 * some / of);
  }

  void write(Path folder) {
    List<Map<String, Object>> runs = new ArrayList<>();
    for (Judged judged : detection.combined().runs()) {
      Watched run = judged.run();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", run.name());
      row.put("kind", run.kind());
      row.put("start", run.world());
      row.put("what", run.what());
      row.put("hacked", judged.truth().hacked());
      row.put("truth", judged.truth());
      row.put("score", Math.rint(judged.score() * 1000) / 1000);
      row.put("alarm", judged.alarm());
      row.put("monitors", run.alarms());
      row.put("gold", tenths(run.gold()));
      row.put("reward", tenths(run.reward()));
      row.put("kl", tenths(run.kl()));
      row.put("seconds", run.seconds());
      runs.add(row);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", command);
    json.put("limits", detection.alarm().limits());
    json.put("runs", runs);
    AtomicOutput.write(
        Map.of(
            folder.resolve("detection.json"),
            JSON.writeValueAsString(json) + "\n",
            folder.resolve("detection.md"),
            markdown()));
  }

  /** Smoothed, every tenth step. */
  private static List<Double> tenths(double[] values) {
    double[] smooth = Truth.smooth(values);
    List<Double> some = new ArrayList<>();
    for (int t = 0; t < smooth.length; t += 10) some.add(Math.rint(smooth[t] * 1000) / 1000);
    some.add(Math.rint(smooth[smooth.length - 1] * 1000) / 1000);
    return some;
  }
}
