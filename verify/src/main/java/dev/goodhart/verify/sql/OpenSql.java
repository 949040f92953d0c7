package dev.goodhart.verify.sql;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@link Sql} with its processes of SQLite, and the references' results for the next response to
 * the same prompt.
 */
public final class OpenSql implements Signal {
  private static final int SCHEMAS = 1_000;

  private final Sql sql;
  private final Comparison comparison;
  private final Sqlite sqlite;
  private final Workers workers;
  private final KnownResults known = new KnownResults();
  private final Map<Database, Optional<Schema>> schemas = new ConcurrentHashMap<>();

  OpenSql(Sql sql, int cores) {
    this.sql = sql;
    this.comparison = sql.comparison();
    this.sqlite = new Sqlite(sql.limits(), cores);
    this.workers = Workers.of("sql", cores);
  }

  @Override
  public Reward of(Sample sample) {
    try {
      String name = References.database(sample, sql.database());
      List<Query> references =
          isAlone() && References.none(sample, sql.reference())
              ? List.of()
              : References.queries(sample, sql.reference());
      return judge(Database.find(sql.databases(), name), references, sample.response());
    } catch (References.Missing | Database.Missing | Sqlite.Unavailable e) {
      return new Unscored(String.valueOf(e.getMessage()));
    }
  }

  /** All cores at work; in the batch's order. */
  @Override
  public List<Reward> of(List<Sample> batch) {
    return workers.all(batch, this::of);
  }

  /** A reference with its result. */
  private record Expected(Query query, Table table) {}

  private Reward judge(Database database, List<Query> references, String response) {
    List<Expected> expected = new ArrayList<>();
    Unscored failed = null;
    for (Query reference : references) {
      switch (known.result(sqlite, database, reference, false)) {
        case Table table -> expected.add(new Expected(reference, table));
        case Outcome.Failure(Trouble trouble, String detail) when trouble == Trouble.NO_DATABASE ->
            failed = new Unscored("database: " + detail);
        case Outcome.Failure failure -> failed = new Unscored("reference: " + failure);
      }
    }
    if (expected.isEmpty() && failed != null) {
      return failed;
    }
    Optional<Query> query = SqlBlock.of(response).map(Query::of);
    Outcome outcome =
        query.isEmpty() ? new Outcome.Failure(Trouble.NO_SQL, "") : run(database, query.get());
    if (outcome instanceof Outcome.Failure failure && failure.trouble() == Trouble.NO_DATABASE) {
      return new Unscored("database: " + failure.detail());
    }
    if (references.isEmpty()) {
      return alone(outcome);
    }
    Map<String, Reward> parts = new LinkedHashMap<>();
    boolean matches = false;
    Expected best = expected.getFirst();
    if (outcome instanceof Table table) {
      double overlap = -1;
      try {
        for (Expected one : expected) {
          double here = comparison.overlap(one.table, table);
          matches = comparison.same(one.query, one.table, table);
          if (matches || here > overlap) {
            overlap = here;
            best = one;
          }
          if (matches) {
            break;
          }
        }
      } catch (ColumnOrders.TooMany e) {
        return new Unscored("columns: too many orders to try");
      }
    }
    if (!matches && failed != null && outcome instanceof Table) {
      return failed;
    }
    boolean accident =
        matches && outcome instanceof Table table && accident(database, best, query.get(), table);
    matches &= !accident;
    Trouble trouble = outcome instanceof Outcome.Failure failure ? failure.trouble() : null;
    parts.put("parses", Reward.of(parses(trouble) ? 1 : 0));
    parts.put("executes", Reward.of(outcome instanceof Table ? 1 : 0));
    names(parts, database, best.query, query);
    parts.put("bigrams", jaccard(best.query, query, Query::bigrams));
    parts.put(
        "overlap",
        Reward.of(outcome instanceof Table table ? comparison.overlap(best.table, table) : 0));
    if (outcome instanceof Table table) {
      parts.put("rows", Reward.of(table.rows().size()));
      parts.put("seconds", Reward.of(table.seconds()));
    }
    if (trouble != null) {
      parts.put(trouble.part(), Reward.of(1));
    }
    if (accident) {
      parts.put("accident", Reward.of(1));
    }
    if (matches && best.table.rows().isEmpty()) {
      parts.put("empty", Reward.of(1));
    }
    if (sql.repeats() > 0) {
      parts.put(
          "efficiency",
          matches ? efficiency(database, best.query, query.orElseThrow()) : Reward.of(0));
    }
    return reward(matches, parts);
  }

  /**
   * Whether the right result came by the order in which the rows happen to be stored: in an order
   * that the query did not ask for, or another one when SQLite walks its tables the other way round
   * though the reference's stays.
   */
  private boolean accident(Database database, Expected expected, Query query, Table table) {
    if (comparison.match() != Match.MULTISET) {
      return false;
    }
    if (expected.query.ordered()
        && !query.ordered()
        && !Ties.allTied(expected.table.rows(), Ties.keys(expected.query, expected.table))) {
      return true;
    }
    if (!query.dependsOnOrder() || table.rows().isEmpty()) {
      return false;
    }
    return known.result(sqlite, database, expected.query, true) instanceof Table stays
        && comparison.same(expected.query, expected.table, stays)
        && sqlite.run(database, query.text(), true) instanceof Table other
        && !comparison.same(expected.query, expected.table, other);
  }

  /** Whether the reward has to do with the query alone. */
  private boolean isAlone() {
    return sql.score() == Sql.Score.EXECUTES || sql.score() == Sql.Score.PARSES;
  }

  /** The parts of a query that is compared with none. */
  private Reward alone(Outcome outcome) {
    Map<String, Reward> parts = new LinkedHashMap<>();
    Trouble trouble = outcome instanceof Outcome.Failure failure ? failure.trouble() : null;
    parts.put("parses", Reward.of(parses(trouble) ? 1 : 0));
    parts.put("executes", Reward.of(outcome instanceof Table ? 1 : 0));
    if (outcome instanceof Table table) {
      parts.put("rows", Reward.of(table.rows().size()));
      parts.put("seconds", Reward.of(table.seconds()));
    }
    if (trouble != null) {
      parts.put(trouble.part(), Reward.of(1));
    }
    return Objects.requireNonNull(parts.get(sql.score().name().toLowerCase(Locale.ROOT)))
        .withParts(parts);
  }

  private Outcome run(Database database, Query query) {
    return query
        .refusal()
        .<Outcome>map(why -> new Outcome.Failure(Trouble.REFUSED, why))
        .orElseGet(() -> sqlite.run(database, query.text()));
  }

  private static boolean parses(@Nullable Trouble trouble) {
    return trouble != Trouble.NO_SQL
        && trouble != Trouble.REFUSED
        && trouble != Trouble.SYNTAX_ERROR;
  }

  private void names(
      Map<String, Reward> parts, Database database, Query reference, Optional<Query> query) {
    Optional<Schema> known =
        schemas.computeIfAbsent(
            database,
            d ->
                sqlite.run(d, Schema.QUERY) instanceof Table names
                    ? Optional.of(Schema.of(names))
                    : Optional.empty());
    if (schemas.size() > SCHEMAS) {
      schemas.clear();
    }
    if (known.isEmpty()) {
      Reward unknown = new Unscored("schema: it cannot be read");
      parts.put("tables", unknown);
      parts.put("columns", unknown);
      parts.put("schema", unknown);
      return;
    }
    Schema schema = known.get();
    parts.put("tables", shared(reference, query, q -> q.tables(schema.tables())));
    parts.put("columns", shared(reference, query, q -> q.columns(schema.columns())));
    parts.put("schema", jaccard(reference, query, q -> q.names(schema)));
  }

  private static Reward shared(
      Query reference, Optional<Query> query, Function<Query, Set<String>> names) {
    return Reward.of(
        query.map(q -> Schema.overlap(names.apply(reference), names.apply(q))).orElse(0.0));
  }

  private static Reward jaccard(
      Query reference, Optional<Query> query, Function<Query, Set<String>> items) {
    return Reward.of(
        query.map(q -> Schema.jaccard(items.apply(reference), items.apply(q))).orElse(0.0));
  }

  private Reward efficiency(Database database, Query reference, Query query) {
    double[] ratios = new double[sql.repeats()];
    for (int i = 0; i < ratios.length; i++) {
      if (!(sqlite.time(database, query.text()) instanceof Table own)
          || !(sqlite.time(database, reference.text()) instanceof Table theirs)) {
        return new Unscored("efficiency: a run hit a limit");
      }
      ratios[i] = theirs.seconds() / own.seconds();
    }
    return Reward.of(Efficiency.of(ratios));
  }

  private Reward reward(boolean matches, Map<String, Reward> parts) {
    if (sql.score() == Sql.Score.MATCH) {
      return new Scored(matches ? 1 : 0, OptionalDouble.empty(), parts);
    }
    Reward part = Objects.requireNonNull(parts.get(sql.score().name().toLowerCase(Locale.ROOT)));
    parts.put("match", Reward.of(matches ? 1 : 0));
    return part.withParts(parts);
  }

  @Override
  public void close() {
    workers.close();
    sqlite.close();
  }
}
