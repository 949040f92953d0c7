package dev.goodhart.combine;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * GradeSQL's order of candidates for a question: first by how well they execute, then by what an
 * outcome reward model thinks of them. For best-of-n over queries, where no reference is known.
 *
 * <pre>{@code
 * e = 0 if it fails, 1/2 if it runs and returns nothing, 1 if it returns rows
 * R = 4 e + sigmoid(orm)
 * }</pre>
 *
 * <p>The first term's steps of 2 are wider than the second one's range, so that the highest R is
 * the authors' lexicographic choice: among the candidates of the best e the one with the highest
 * probability of being right. The model is any signal in log-odds, a {@code reward-model} fitted to
 * {@link dev.goodhart.curate.OutcomeLabels} for one; the execution is signal {@code sql} with
 * {@code score: executes}, which needs no reference. Unscored as soon as one of the two is.
 *
 * @param sql the signal that runs the query
 * @param orm the signal that judges it, in log-odds
 */
@Method(id = 128, source = "arXiv 2509.01308")
public record ExecutionGraded(String sql, String orm) implements Combine {
  /**
   * The execution score e.
   *
   * @param executes whether the query ran without an error
   * @param rows how many rows it returned
   */
  public static double grade(boolean executes, long rows) {
    return !executes ? 0 : rows == 0 ? 0.5 : 1;
  }

  /**
   * R of an execution score and the model's log-odds.
   *
   * @param grade 0, 1/2 or 1
   */
  public static double score(double grade, double logOdds) {
    return 4 * grade + 1 / (1 + Math.exp(-logOdds));
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    Reward ran = Objects.requireNonNull(parts.get(sql), sql);
    Reward model = Objects.requireNonNull(parts.get(orm), orm);
    for (Reward reward : List.of(ran, model)) {
      if (reward instanceof Unscored missing) {
        return new Unscored(missing.reason());
      }
    }
    if (!(ran.parts().get("executes") instanceof Scored executes)) {
      throw new GoodhartException(
          "execution-graded: signal '%s' has no part 'executes'; name a signal of kind sql"
              .formatted(sql));
    }
    long rows = ran.parts().get("rows") instanceof Scored scored ? (long) scored.value() : 0;
    return new Scored(
        score(grade(executes.value() > 0, rows), model instanceof Scored s ? s.value() : 0));
  }

  @Override
  public Set<String> parts() {
    return new LinkedHashSet<>(List.of(sql, orm));
  }
}
