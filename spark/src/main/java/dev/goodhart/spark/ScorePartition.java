package dev.goodhart.spark;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.data.SampleColumns;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** One partition: the spec is opened once, and rows stream through it in batches. */
record ScorePartition(String yaml, String folder) implements MapPartitionsFunction<Row, Row> {
  /** Large enough for a model's batches, small enough to hold in memory whatever a row is. */
  private static final int BATCH = 256;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Scorer scorer = new Scorer(RewardSpec.parse(yaml, "the reward spec", Path.of(folder)));
    // Also when the task is killed, or its consumer stops early.
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> scorer.close());
    return new Iterator<>() {
      private final Queue<Row> ready = new ArrayDeque<>();

      @Override
      public boolean hasNext() {
        return !ready.isEmpty() || rows.hasNext();
      }

      @Override
      public Row next() {
        if (ready.isEmpty()) {
          List<Row> batch = new ArrayList<>(BATCH);
          while (batch.size() < BATCH && rows.hasNext()) batch.add(rows.next());
          ready.addAll(score(scorer, batch));
        }
        Row row = ready.poll();
        if (row == null) throw new NoSuchElementException();
        return row;
      }
    };
  }

  private static List<Row> score(Scorer scorer, List<Row> batch) {
    Reward[] rewards = new Reward[batch.size()];
    List<Sample> samples = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < rewards.length; i++) {
      try {
        samples.add(SampleColumns.sample(columns(batch.get(i))));
        places.add(i);
      } catch (GoodhartException e) {
        rewards[i] = new Unscored("bad row: " + e.getMessage());
      }
    }
    List<Reward> scored = scorer.score(samples);
    for (int i = 0; i < places.size(); i++) rewards[places.get(i)] = scored.get(i);

    List<Row> rows = new ArrayList<>(rewards.length);
    for (int i = 0; i < rewards.length; i++) rows.add(with(batch.get(i), rewards[i]));
    return rows;
  }

  private static Row with(Row row, Reward reward) {
    int width = row.size();
    @Nullable Object[] values = new @Nullable Object[width + SparkScore.ADDED.size()];
    for (int i = 0; i < width; i++) values[i] = row.get(i);
    Map<String, @Nullable Double> parts = new LinkedHashMap<>();
    reward
        .parts()
        .forEach((name, part) -> parts.put(name, part instanceof Scored s ? s.value() : null));
    switch (reward) {
      case Scored scored -> {
        values[width] = scored.value();
        values[width + 1] =
            scored.deviation().isPresent() ? scored.deviation().getAsDouble() : null;
      }
      case Unscored unscored -> values[width + 2] = unscored.reason();
    }
    values[width + 3] = CollectionConverters.asScala(parts);
    return RowFactory.create(values);
  }

  /** A row as the columns of a sample: structs and maps become maps, arrays become lists. */
  private static Map<String, @Nullable Object> columns(Row row) {
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    for (int i = 0; i < row.size(); i++)
      columns.put(row.schema().fieldNames()[i], plain(row.get(i)));
    return columns;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Row struct -> columns(struct);
      case scala.collection.Map<?, ?> map -> {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        CollectionConverters.asJava(map)
            .forEach((key, v) -> plain.put(String.valueOf(key), plain(v)));
        yield plain;
      }
      case scala.collection.Seq<?> list ->
          CollectionConverters.asJava(list).stream()
              .<@Nullable Object>map(ScorePartition::plain)
              .toList();
      case Object[] array ->
          Arrays.stream(array).<@Nullable Object>map(ScorePartition::plain).toList();
      case String text -> text;
      case Number number -> number;
      case Boolean truth -> truth;
      default -> value.toString(); // dates and times, which JSON has as text too
    };
  }
}
