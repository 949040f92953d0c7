package dev.goodhart.cli;

import dev.goodhart.audit.Finding;
import dev.goodhart.neural.align.StepRow;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * The live table of a run: some forty rows over its course, and every alarm; with what separates
 * the policy from its teacher where it has one.
 */
final class AlignTable {
  private static final int ROWS = 40;
  private static final String HEAD =
      "%7s %8s %8s %8s %8s %7s %6s %8s %9s"
          .formatted(
              "step", "reward", "gold", "KL", "entropy", "length", "clip", "unscored", "tokens/s");

  private final PrintWriter out;
  private final int every;
  private boolean begun;

  AlignTable(PrintWriter out, int steps) {
    this.out = out;
    this.every = Math.max(1, steps / ROWS);
  }

  void row(StepRow row) {
    if (row.step() == 1 || row.step() % every == 0) {
      double teacher = row.get("distillation");
      String more = Double.isNaN(teacher) ? "" : " %8s".formatted(number(teacher, "%.4f"));
      if (!begun) out.println(more.isEmpty() ? HEAD : HEAD + "  teacher");
      begun = true;
      out.println(
          "%7d %8s %8s %8s %8s %7s %6s %8s %9s"
                  .formatted(
                      row.step(),
                      number(row.get("reward"), "%.3f"),
                      number(row.get("gold"), "%.3f"),
                      number(row.get("kl"), "%.3f"),
                      number(row.get("entropy"), "%.3f"),
                      number(row.get("length"), "%.1f"),
                      percent(row.get("clip-share")),
                      percent(row.get("unscored")),
                      number(row.get("tokens-per-second"), "%,.0f"))
              + more);
    }
    for (Finding alarm : row.alarms()) {
      out.println("%7d %s: %s".formatted(row.step(), alarm.name(), alarm.says()));
    }
    out.flush();
  }

  private static String number(double value, String format) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  private static String percent(double value) {
    return number(100 * value, "%.1f%%");
  }
}
