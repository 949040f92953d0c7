package dev.goodhart.spark;

import dev.goodhart.GoodhartException;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores a data set that is too large for one machine, by the same reward spec as everywhere else.
 *
 * <pre>{@code
 * spark-submit --class dev.goodhart.spark.SparkScore --jars core.jar,verify.jar,... goodhart-spark.jar \
 *   reward.yaml samples.parquet scored.parquet
 * }</pre>
 *
 * <p>The rows have the columns {@code prompt} (text, or a list of {@code role} and {@code
 * content}), {@code response}, and perhaps {@code reference} and {@code id}; all columns are kept,
 * and four are added: {@code reward} (null when unscored), {@code deviation}, {@code unscored} (the
 * reason) and {@code parts} (a map of the components). A row that cannot be scored never stops the
 * job and is never a zero.
 *
 * @param yaml the reward spec; it travels to the executors as text, and opens its models there once
 *     a partition
 * @param folder what relative paths in the spec are relative to; must exist on every executor when
 *     the spec has any
 */
public record SparkScore(String yaml, String folder) implements Serializable {
  static final List<String> ADDED = List.of("reward", "deviation", "unscored", "parts");

  public SparkScore {
    RewardSpec.parse(
        yaml,
        "the reward spec",
        Path.of(folder)); // a mistake in it should not cost a start of the cluster
  }

  /** The spec of a file. */
  public static SparkScore read(Path file) {
    RewardSpec.read(file); // for its errors, which name the file
    try {
      Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
      return new SparkScore(Files.readString(file), folder.toString());
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The rows with their rewards, lazily: nothing is scored before the result is written or counted.
   *
   * @throws GoodhartException if there is no column {@code response}, or one that would be added is
   *     there already
   */
  public Dataset<Row> of(Dataset<Row> data) {
    List<String> names = Arrays.asList(data.columns());
    if (!names.contains("response")) {
      throw new GoodhartException(
          "no column 'response' among " + names + "; rename the one that holds the responses");
    }
    for (String added : ADDED) {
      if (names.contains(added)) {
        throw new GoodhartException(
            "the column '" + added + "' is there already; rename or drop it before scoring");
      }
    }
    StructType schema =
        data.schema()
            .add("reward", DataTypes.DoubleType, true)
            .add("deviation", DataTypes.DoubleType, true)
            .add("unscored", DataTypes.StringType, true)
            .add(
                "parts",
                DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType, true),
                false);
    return data.mapPartitions(new ScorePartition(yaml, folder), Encoders.row(schema));
  }

  /**
   * {@code SPEC INPUT OUTPUT}; the ending says the format: {@code .json}, {@code .jsonl}, otherwise
   * Parquet.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      System.err.println("usage: SparkScore SPEC INPUT OUTPUT");
      System.exit(2);
    }
    try {
      SparkScore score = read(Path.of(arguments[0])); // before the cluster is asked for anything
      try (SparkSession spark = SparkSession.builder().appName("goodhart score").getOrCreate()) {
        score.run(spark, arguments[1], arguments[2]);
      }
    } catch (GoodhartException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  void run(SparkSession spark, String input, String output) {
    Dataset<Row> scored = of(spark.read().format(format(input)).load(input));
    scored.write().mode(SaveMode.ErrorIfExists).format(format(output)).save(output);

    // Counted in what was written: the rows must not be scored a second time.
    Dataset<Row> written = spark.read().format(format(output)).load(output);
    System.err.println(written.count() + " rows");
    written
        .filter(functions.col("unscored").isNotNull())
        .groupBy(functions.substring_index(functions.col("unscored"), ":", 1))
        .count()
        .collectAsList()
        .forEach(
            kind -> System.err.println("  " + kind.getLong(1) + " unscored: " + kind.getString(0)));
  }

  private static String format(String path) {
    return path.matches(".*\\.jsonl?(\\.gz|\\.zst)?/?") ? "json" : "parquet";
  }
}
