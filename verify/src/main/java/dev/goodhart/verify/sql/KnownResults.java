package dev.goodhart.verify.sql;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What references gave, for the other responses to the same prompt. The least recently used go when
 * they hold too many values; a query that asks for the time or for chance is asked again.
 */
final class KnownResults {
  private static final long MOST_VALUES = 2_000_000;
  private static final int MOST_RESULTS = 20_000;

  private record Key(Database database, String query, boolean reversed) {}

  private final LinkedHashMap<Key, Outcome> results = new LinkedHashMap<>(16, 0.75f, true);
  private long values;

  Outcome result(Sqlite sqlite, Database database, Query reference, boolean reversed) {
    if (reference.refusal().isPresent()) {
      return new Outcome.Failure(Trouble.REFUSED, reference.refusal().get());
    }
    Key key = new Key(database, reference.text(), reversed);
    synchronized (results) {
      Outcome known = results.get(key);
      if (known != null) {
        return known;
      }
    }
    Outcome outcome = sqlite.run(database, reference.text(), reversed);
    // A limit may have been hit by chance; what SQLite says about the query itself stays so.
    boolean keeps =
        !reference.fleeting()
            && (outcome instanceof Table
                || (outcome instanceof Outcome.Failure(Trouble trouble, String _)
                    && (trouble == Trouble.FAILED || trouble == Trouble.SYNTAX_ERROR)));
    if (keeps) {
      keep(key, outcome);
    }
    return outcome;
  }

  private void keep(Key key, Outcome outcome) {
    synchronized (results) {
      Outcome before = results.put(key, outcome);
      values += size(outcome) - (before == null ? 0 : size(before));
      var eldest = results.entrySet().iterator();
      while ((values > MOST_VALUES || results.size() > MOST_RESULTS) && eldest.hasNext()) {
        Map.Entry<Key, Outcome> entry = eldest.next();
        values -= size(entry.getValue());
        eldest.remove();
      }
    }
  }

  private static long size(Outcome outcome) {
    return outcome instanceof Table table ? 1 + (long) table.rows().size() * table.width() : 1;
  }
}
