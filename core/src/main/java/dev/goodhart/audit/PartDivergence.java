package dev.goodhart.audit;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.report.Figure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells when one part of the reward rises while another falls: the policy trades what is hard to
 * earn for what is easy. The sum hides it, and may even rise.
 *
 * <p>A part has moved by (mean of the last {@code window} steps − mean of the first {@code
 * baseline}) / deviation of its values in the first steps. The alarm is raised when one part has
 * moved up by {@code shift} or more and another down by as much, each by more than three standard
 * errors; it names the two that moved furthest. It is raised again only after they came back to
 * half of that.
 *
 * @param shift in deviations of the part's values, above 0
 * @param baseline how many steps the run begins with, at least 2
 * @param window how many steps are averaged
 */
@Method
public record PartDivergence(
    @Default("0.5") double shift, @Default("20") int baseline, @Default("5") int window)
    implements Monitor {
  public PartDivergence {
    StepBaseline.check(baseline, window, shift, "shift");
  }

  @Override
  public Watch start() {
    Moves moves = new Moves();
    return (samples, rewards) -> step(moves, rewards);
  }

  private List<Finding> step(Moves moves, List<Reward> rewards) {
    // Once told, it holds until the parts come half of the way back: a slow drift is told once.
    double limit = moves.raised ? shift / 2 : shift;
    Move up = null;
    Move down = null;
    for (var part : PartValues.parts(rewards).entrySet()) {
      Move move = moves.parts.computeIfAbsent(part.getKey(), n -> new Move(n, baseline, window));
      if (move.add(part.getValue(), baseline) && (moves.raised || move.steps.errors() > 3)) {
        double by = move.by();
        if (by >= limit && (up == null || by > up.by())) up = move;
        if (by <= -limit && (down == null || by < down.by())) down = move;
      }
    }
    boolean parted = up != null && down != null;
    boolean begins = parted && !moves.raised;
    moves.raised = parted;
    if (!begins || up == null || down == null) {
      return List.of();
    }
    return List.of(
        new Finding(
            "part-divergence",
            Finding.Level.ALARM,
            "The part "
                + up.name
                + " rose from "
                + Figure.of(up.steps.before())
                + " to "
                + Figure.of(up.steps.now())
                + " while "
                + down.name
                + " fell from "
                + Figure.of(down.steps.before())
                + " to "
                + Figure.of(down.steps.now())
                + ": the policy may be trading the one for the other.",
            Map.of(
                "rose-from", up.steps.before(),
                "rose-to", up.steps.now(),
                "fell-from", down.steps.before(),
                "fell-to", down.steps.now())));
  }

  private static final class Moves {
    final Map<String, Move> parts = new LinkedHashMap<>();
    boolean raised;
  }

  /** A part's way from where the run began. */
  private static final class Move {
    final String name;
    final StepBaseline steps;
    private int stepsSeen;
    private long values;
    private double mean;
    private double squares; // sum of squared deviations from the mean, by Welford's recursion

    Move(String name, int baseline, int window) {
      this.name = name;
      steps = new StepBaseline(baseline, window);
    }

    boolean add(double[] step, int baseline) {
      if (step.length > 0 && stepsSeen++ < baseline) {
        for (double value : step) {
          double delta = value - mean;
          mean += delta / ++values;
          squares += delta * (value - mean);
        }
      }
      return steps.add(PartValues.mean(step));
    }

    /** In deviations; infinite for a part that was the same for every sample at first. */
    double by() {
      double moved = steps.now() - steps.before();
      double deviation = Math.sqrt(squares / Math.max(1, values - 1));
      return moved == 0 ? 0 : moved / deviation;
    }
  }
}
