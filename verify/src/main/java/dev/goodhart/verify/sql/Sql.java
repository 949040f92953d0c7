package dev.goodhart.verify.sql;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rewards a query for giving the result of the reference query on the sample's SQLite database:
 * execution match. The query is taken from the response and run in a process of its own, the
 * database read-only.
 *
 * <p>The reward is 1 for a match and else 0, or one of the parts:
 *
 * <ul>
 *   <li>{@code parses}: it is SQL to SQLite's parser; {@code executes}: it runs within its limits
 *   <li>{@code tables}, {@code columns}: F1 of the names that query and reference share with the
 *       database's schema
 *   <li>{@code schema}: Jaccard index of the tables and columns together; {@code bigrams}: that of
 *       the pairs of tokens in a row
 *   <li>{@code overlap}: F1 of the rows as multisets
 *   <li>{@code rows} of the result; {@code seconds} that it ran
 *   <li>{@code empty}: 1 for a match of two empty results, which shows little
 *   <li>{@code accident}: 1 for a right result that only the order of storage gave, which is no
 *       match
 *   <li>{@code efficiency}: BIRD's score of a match, {@code sqrt(mean(t_reference / t_query))}; a
 *       measured time, and noisy
 *   <li>why there is no result, as 1: {@code no-sql}, {@code refused}, {@code syntax-error}, {@code
 *       failed}, {@code timed-out}, {@code memory-limit}, {@code row-limit}, {@code size-limit},
 *       {@code crashed}
 * </ul>
 *
 * <p>Several accepted references, as statements of one text or as a list, are alternatives.
 *
 * <p>With {@code score: executes} or {@code parses} a sample needs no reference; without one there
 * are only the query's own parts.
 *
 * <p>Unscored when the database is missing, and when a reference is missing, fails or hits a limit
 * and no other one matches. A response without SQL, or with a query that fails or hits a limit, is
 * a wrong answer, not an unscored one.
 *
 * @param databases the folder of the databases; nothing outside it is opened
 * @param match when two results are the same
 * @param score what the reward is
 * @param columns whether the columns may come in any order
 * @param tolerance by how much a number with a fraction may differ, absolutely or relative to the
 *     expected one; 1e-6 for multisets and 0 for Spider and BIRD if it is not given
 * @param timeLimit in seconds, for each query
 * @param memory of SQLite for one query, in MiB
 * @param rows of a result at most
 * @param result its size, and that of any value on the way, in MiB
 * @param repeats how often to time query and reference for the efficiency; 0: not at all
 * @param database the column that names the database; {@code db_id}, {@code db_name}, {@code
 *     db_path} or {@code database} if it is not given
 * @param reference the column that holds the reference; if it is not given the sample's own
 *     reference, or {@code SQL}, {@code query}, {@code gold_sql}, {@code sql}
 */
@Method(name = "sql")
public record Sql(
    Path databases,
    @Default("multiset") Match match,
    @Default("match") Score score,
    @Default("as-written") Columns columns,
    OptionalDouble tolerance,
    @Default("5") double timeLimit,
    @Default("256") int memory,
    @Default("100000") int rows,
    @Default("16") int result,
    @Default("0") int repeats,
    Optional<String> database,
    Optional<String> reference)
    implements Signal {

  /** What the reward is. */
  public enum Score {
    MATCH,
    OVERLAP,
    /** Of what does not match, 0. */
    EFFICIENCY,
    EXECUTES,
    PARSES,
    TABLES,
    COLUMNS
  }

  /** Whether the order of the columns matters. */
  public enum Columns {
    AS_WRITTEN,
    ANY_ORDER
  }

  public Sql {
    if (!(timeLimit > 0 && timeLimit <= 3600)) {
      throw new IllegalArgumentException(
          "time-limit: expected seconds above 0 and up to 3600, found " + timeLimit);
    }
    within("memory", memory, 1, 1 << 16);
    within("rows", rows, 1, 100_000_000);
    within("result", result, 1, 512);
    within("repeats", repeats, 0, 10_000);
    if (!(tolerance.orElse(0) >= 0 && tolerance.orElse(0) < 1)) {
      throw new IllegalArgumentException(
          "tolerance: expected a number from 0 to below 1, found " + tolerance.getAsDouble());
    }
    if (score == Score.EFFICIENCY && repeats == 0) {
      throw new IllegalArgumentException(
          "repeats: expected at least 1 with score: efficiency, found 0; BIRD has 100");
    }
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": expected a number from " + least + " to " + most + ", found " + value);
    }
  }

  /** On the databases of this folder, everything else by default. */
  public static Sql of(Path databases, Match match) {
    return new Sql(
        databases,
        match,
        Score.MATCH,
        Columns.AS_WRITTEN,
        OptionalDouble.empty(),
        5,
        256,
        100_000,
        16,
        0,
        Optional.empty(),
        Optional.empty());
  }

  Limits limits() {
    return new Limits(timeLimit, (long) memory << 20, rows, result << 20);
  }

  Comparison comparison() {
    return new Comparison(
        match,
        columns == Columns.ANY_ORDER,
        new TableMatch(tolerance.orElse(match == Match.MULTISET ? 1e-6 : 0)));
  }

  @Override
  public OpenSql open() {
    return new OpenSql(this, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Reward of(Sample sample) {
    return of(List.of(sample)).getFirst();
  }

  /** Starts SQLite for this batch alone; whoever has several batches opens the signal once. */
  @Override
  public List<Reward> of(List<Sample> batch) {
    try (OpenSql open = open()) {
      return open.of(batch);
    }
  }
}
