package dev.goodhart.serve.journal;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a journal's samples would be rewarded with now.
 *
 * @param total of all samples
 * @param parts of each signal, and of its own parts behind its name: {@code helpful/0}
 * @param versions that scored them, with how many samples each
 * @param newlyUnscored by the kind of reason
 * @param notReplayable why samples could not be scored again, with how many
 * @param examples the greatest changes of the reward, then samples that are newly scored or
 *     unscored
 */
public record ReplayReport(
    Comparison total,
    Map<String, Comparison> parts,
    Map<String, Long> versions,
    Map<String, Long> newlyUnscored,
    Map<String, Long> notReplayable,
    List<Example> examples) {

  /**
   * Rewards then and now.
   *
   * @param same as before, or without one as before
   * @param changed another number than before
   * @param nowScored had none
   * @param nowUnscored has none any more
   * @param meanThen of those that have a number both times; NaN where there are none
   * @param meanNow of the same
   */
  public record Comparison(
      long same, long changed, long nowScored, long nowUnscored, double meanThen, double meanNow) {}

  /**
   * One sample whose reward is another now.
   *
   * @param id the client's name for it, may be empty
   */
  public record Example(
      String run, @Nullable Long step, String id, String digest, Reward then, Reward now) {}

  /** Whether any sample has another reward now, or could not be scored again. */
  public boolean anyChange() {
    return total.changed() + total.nowScored() + total.nowUnscored() > 0
        || !notReplayable.isEmpty();
  }

  /** For a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("scored then by version ").append(counts(versions)).append("\n\n");
    text.append(
        "%-32s %12s %12s %12s %12s %14s %14s%n"
            .formatted(
                "", "same", "changed", "now scored", "now unscored", "mean then", "mean now"));
    row(text, "reward", total);
    parts.forEach((name, part) -> row(text, "  " + name, part));
    if (!newlyUnscored.isEmpty()) {
      text.append("\nnow unscored: ").append(counts(newlyUnscored)).append('\n');
    }
    if (!notReplayable.isEmpty()) {
      text.append("\nnot replayable: ").append(counts(notReplayable)).append('\n');
    }
    if (!examples.isEmpty()) {
      text.append("\nlargest changes\n");
      for (Example example : examples) {
        text.append(
            "  run %s%s, sample %s%s: %s -> %s%n"
                .formatted(
                    plain(example.run()),
                    example.step() == null ? "" : ", step " + example.step(),
                    example.id().isEmpty() ? "" : plain(example.id()) + " ",
                    example.digest(),
                    say(example.then()),
                    say(example.now())));
      }
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String name, Comparison of) {
    text.append(
        "%-32s %,12d %,12d %,12d %,12d %14s %14s%n"
            .formatted(
                plain(name),
                of.same(),
                of.changed(),
                of.nowScored(),
                of.nowUnscored(),
                number(of.meanThen()),
                number(of.meanNow())));
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(entry -> "%s (%,d)".formatted(plain(entry.getKey()), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String say(Reward reward) {
    return switch (reward) {
      case Scored scored -> number(scored.value());
      case Unscored unscored -> "unscored, " + plain(unscored.reason());
    };
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.6g", value);
  }

  /** What came from a client must not command a terminal. */
  private static String plain(String text) {
    String shown = text.length() > 120 ? text.substring(0, 120) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
