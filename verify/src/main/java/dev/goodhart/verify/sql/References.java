package dev.goodhart.verify.sql;

import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a sample says about its database and its accepted queries. */
final class References {
  private static final List<String> DATABASES = List.of("db_id", "db_name", "db_path", "database");
  private static final List<String> QUERIES = List.of("SQL", "query", "gold_sql", "sql");
  private static final int MOST = 100;

  /** The sample does not say: the message is the reason, in a line. */
  static final class Missing extends RuntimeException {
    Missing(String message) {
      super(message);
    }
  }

  private References() {}

  static String database(Sample sample, Optional<String> column) {
    for (String name : column.map(List::of).orElse(DATABASES)) {
      if (sample.columns().get(name) instanceof String text && !text.isBlank()) {
        return text;
      }
    }
    throw new Missing(
        "database: the sample has no text in "
            + column.orElse("any of " + String.join(", ", DATABASES)));
  }

  static List<Query> queries(Sample sample, Optional<String> column) {
    List<Query> queries = new ArrayList<>();
    add(queries, value(sample, column));
    if (queries.isEmpty()) {
      throw new Missing(
          "reference: the sample has no query in "
              + column.orElse("its reference or any of " + String.join(", ", QUERIES)));
    }
    if (queries.size() > MOST) {
      throw new Missing("reference: more than " + MOST + " queries");
    }
    return queries;
  }

  /** Whether the sample names no reference at all. */
  static boolean none(Sample sample, Optional<String> column) {
    return value(sample, column) == null;
  }

  private static @Nullable Object value(Sample sample, Optional<String> column) {
    if (column.isPresent() && !column.get().equals("reference")) {
      return sample.columns().get(column.get());
    }
    if (sample.reference() != null) {
      return sample.reference();
    }
    for (String name : QUERIES) {
      Object value = column.isPresent() ? null : sample.columns().get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static void add(List<Query> queries, @Nullable Object value) {
    switch (value) {
      case String text -> queries.addAll(Query.all(text));
      case List<?> list -> list.forEach(item -> add(queries, item));
      case null, default -> {}
    }
  }
}
