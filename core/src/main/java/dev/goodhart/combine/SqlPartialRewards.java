package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reasoning-SQL's reward for a query: the right result, and partial credit for what a wrong query
 * has in common with the right one. For a policy so weak that execution alone gives whole groups of
 * equal rewards, and with them no advantage.
 *
 * <pre>{@code
 * R = w_execution r_ex + w_judge r_ai [r_ex = 0] + w_schema r_sl + w_bigrams r_ng
 *   + w_syntax r_sy + w_format r_fo
 * }</pre>
 *
 * <p>{@code r_ex} is 1 for the reference's result, else 0; {@code r_ai} a judge's opinion, asked
 * only where the result is wrong; {@code r_sl} and {@code r_ng} the Jaccard indices of the names
 * and of the token bigrams of query and reference; {@code r_sy} is 1 if the query runs; {@code
 * r_fo} what the format earns. All lie in [0, 1]. Signal {@code sql} gives all but the judge's and
 * the format's, in its parts {@code match}, {@code schema}, {@code bigrams} and {@code executes};
 * {@code tags} gives the format.
 *
 * <p><b>The guard.</b> A wrong query that runs earns at most all weights but execution's, a right
 * one at least those of execution and syntax, so that no wrong query is ranked above a right one if
 *
 * <pre>{@code w_execution >= w_judge + w_schema + w_bigrams + w_format}</pre>
 *
 * where a weight without a signal behind it counts as 0. The published weights keep to it without a
 * judge; with one they do not: 3 is less than 5. Where a query counts as right only in the right
 * format, which is not so for signal {@code sql}, the format's weight drops out, and 3 is still
 * less than 4. What becomes of such weights, {@link #guard} says when the spec is read.
 *
 * <p>Unscored when the query is, when the format is, and when the judge is on a wrong query.
 *
 * @param sql the signal that runs the query
 * @param format the signal that rewards the format
 * @param judge the signal of the judge, in [0, 1]
 * @param weights of the six
 * @param guard what to do about weights under which a wrong query can outrank a right one
 */
@Method(id = 163, source = "arXiv 2503.23157")
public record SqlPartialRewards(
    String sql,
    Optional<String> format,
    Optional<String> judge,
    @Default("{}") Weights weights,
    @Default("warn") Guard guard)
    implements Combine {
  private static final System.Logger LOG = System.getLogger(SqlPartialRewards.class.getName());

  /** How much each part counts, at least 0. */
  public record Weights(
      @Default("3") double execution,
      @Default("2") double judge,
      @Default("1") double schema,
      @Default("1") double bigrams,
      @Default("1") double syntax,
      @Default("1") double format) {
    /** As published. */
    public static final Weights PUBLISHED = new Weights(3, 2, 1, 1, 1, 1);

    public Weights {
      for (double weight : new double[] {execution, judge, schema, bigrams, syntax, format}) {
        if (!(weight >= 0 && Double.isFinite(weight))) {
          throw new IllegalArgumentException(
              "weights must be finite and at least 0, not " + weight);
        }
      }
    }
  }

  /** What to do about weights that do not keep to the bound. */
  public enum Guard {
    /** Say so and go on. */
    WARN,
    /** Read no such spec. */
    REFUSE,
    OFF
  }

  public SqlPartialRewards {
    double margin = margin(weights, format.isPresent(), judge.isPresent());
    if (margin < 0 && guard != Guard.OFF) {
      String says =
          "weights: a wrong query can earn up to %.4g more than a right one; execution would have to be %.4g"
              .formatted(-margin, weights.execution() - margin);
      if (guard == Guard.REFUSE) {
        throw new IllegalArgumentException(says);
      }
      LOG.log(System.Logger.Level.WARNING, "sql-partial-rewards: " + says);
    }
  }

  /**
   * The least that a right query earns minus the most that a wrong one does; at least 0 where no
   * wrong query is ranked above a right one.
   */
  public double margin() {
    return margin(weights, format.isPresent(), judge.isPresent());
  }

  private static double margin(Weights w, boolean hasFormat, boolean hasJudge) {
    return w.execution()
        - w.schema()
        - w.bigrams()
        - (hasJudge ? w.judge() : 0)
        - (hasFormat ? w.format() : 0);
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    Reward ran = Objects.requireNonNull(parts.get(sql), sql);
    if (!(ran instanceof Scored query)) {
      return new Unscored(((Unscored) ran).reason());
    }
    Reward match = query.parts().getOrDefault("match", query.withParts(Map.of()));
    double sum = 0;
    for (Counted counted :
        new Counted[] {
          new Counted("match", match, weights.execution()),
          new Counted("schema", part(query, "schema"), weights.schema()),
          new Counted("bigrams", part(query, "bigrams"), weights.bigrams()),
          new Counted("executes", part(query, "executes"), weights.syntax()),
          other(parts, format, weights.format()),
          match instanceof Scored right && right.value() > 0
              ? Counted.NONE
              : other(parts, judge, weights.judge())
        }) {
      if (counted.weight == 0) {
        continue;
      }
      switch (counted.reward) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored scored -> sum += counted.weight * within(counted.name, scored.value());
      }
    }
    return new Scored(sum);
  }

  private record Counted(String name, Reward reward, double weight) {
    private static final Counted NONE = new Counted("", new Scored(0), 0);
  }

  private static Counted other(Map<String, Reward> parts, Optional<String> name, double weight) {
    return name.map(n -> new Counted(n, Objects.requireNonNull(parts.get(n), n), weight))
        .orElse(Counted.NONE);
  }

  private Reward part(Scored query, String name) {
    Reward part = query.parts().get(name);
    if (part == null) {
      throw new GoodhartException(
          "sql-partial-rewards: signal '%s' has no part '%s'; name a signal of kind sql"
              .formatted(sql, name));
    }
    return part;
  }

  private static double within(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "'%s' is %s, outside 0 to 1; bring it there with a transform".formatted(name, value));
    }
    return value;
  }

  @Override
  public Set<String> parts() {
    Set<String> names = new LinkedHashSet<>(Set.of(sql));
    format.ifPresent(names::add);
    judge.ifPresent(names::add);
    return names;
  }
}
