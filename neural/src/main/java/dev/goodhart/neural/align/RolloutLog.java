package dev.goodhart.neural.align;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.run.IoReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every response of a run with what it earned, one JSON object a line, in the file {@code
 * rollouts.jsonl}: what a reader looks into, and what a resumed run reads to know what its monitors
 * and its exploration have seen.
 *
 * <pre>{@code
 * {"step":1,"id":"train-5","sample":0,"prompt":"12+7=","response":"19","tokens":3,"finish":"eos",
 *  "reward":1.0,"parts":{"correct":1.0},"gold":1.0,"kl":0.02}
 * }</pre>
 *
 * <p>An unscored response has {@code "unscored": reason} in place of its reward.
 */
final class RolloutLog implements AutoCloseable {
  static final String FILE = "rollouts.jsonl";

  /** The evaluation's first responses, in the same form. */
  static final String EXAMPLES = "examples.jsonl";

  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final FileChannel channel;

  /**
   * Goes on behind a step; later rows, and a last one that was cut off, are cut away.
   *
   * @param last the step; -1 for a new file
   * @param replay is given the rows of each step that stays, in order
   */
  RolloutLog(Path folder, String name, long last, BiConsumer<Long, List<Row>> replay) {
    this.file = folder.resolve(name);
    try {
      long end = last < 0 || !Files.exists(file) ? 0 : replay(file, last, replay);
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.truncate(end).position(end);
    } catch (IOException e) {
      throw cannot("read", e);
    }
  }

  /**
   * A response and what became of it.
   *
   * @param sample answered, with its columns
   * @param kl to the reference, of the whole response, in nats
   */
  record Row(Sample sample, Reward reward, OptionalDouble gold, double kl, int number) {}

  private static long replay(Path file, long last, BiConsumer<Long, List<Row>> replay)
      throws IOException {
    long end = 0;
    long step = -1;
    List<Row> rows = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonNode row = line.endsWith("}") ? JSON.readTree(line) : null;
        if (row == null || row.path("step").asLong() > last) break;
        if (row.path("step").asLong() != step) {
          if (!rows.isEmpty()) replay.accept(step, rows);
          rows = new ArrayList<>();
          step = row.path("step").asLong();
        }
        rows.add(row(row));
        end += line.getBytes(StandardCharsets.UTF_8).length + 1;
      }
    }
    if (!rows.isEmpty()) replay.accept(step, rows);
    return end;
  }

  private static Row row(JsonNode row) {
    var columns = new LinkedHashMap<String, Object>();
    columns.put("finish", row.path("finish").asString());
    columns.put("tokens", row.path("tokens").asInt());
    JsonNode prompt = row.path("prompt");
    Prompt asked =
        prompt.isArray()
            ? new Prompt(
                prompt
                    .valueStream()
                    .map(m -> new Message(m.path("role").asString(), m.path("content").asString()))
                    .toList())
            : Prompt.of(prompt.asString());
    String reference = row.hasNonNull("reference") ? row.path("reference").asString() : null;
    Sample sample =
        new Sample(
            row.path("id").asString(), asked, row.path("response").asString(), reference, columns);
    return new Row(
        sample,
        reward(row),
        row.hasNonNull("gold")
            ? OptionalDouble.of(row.path("gold").asDouble())
            : OptionalDouble.empty(),
        row.path("kl").asDouble(),
        row.path("sample").asInt());
  }

  private static Reward reward(JsonNode row) {
    Map<String, Reward> parts = new LinkedHashMap<>();
    row.path("parts")
        .properties()
        .forEach(
            part -> {
              JsonNode value = part.getValue();
              parts.put(
                  part.getKey(),
                  value.isNumber()
                      ? Reward.of(value.asDouble())
                      : value.isObject()
                          ? reward(value)
                          : new Unscored(value.isNull() ? "" : value.asString()));
            });
    if (!row.path("reward").isNumber()) {
      return new Unscored(row.path("unscored").asString(), parts);
    }
    OptionalDouble deviation =
        row.hasNonNull("deviation")
            ? OptionalDouble.of(row.path("deviation").asDouble())
            : OptionalDouble.empty();
    return new Scored(row.path("reward").asDouble(), deviation, parts);
  }

  /** Appends the rows of a step. */
  void write(long step, List<Row> rows) {
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("step", step);
      line.put("id", row.sample.id());
      line.put("sample", row.number);
      line.put("prompt", prompt(row.sample.prompt()));
      if (row.sample.reference() != null) line.put("reference", row.sample.reference());
      line.put("response", row.sample.response());
      line.put("tokens", row.sample.columns().get("tokens"));
      line.put("finish", row.sample.columns().get("finish"));
      line.putAll(json(row.reward));
      row.gold.ifPresent(g -> line.put("gold", g));
      line.put("kl", row.kl);
      text.append(JSON.writeValueAsString(line)).append('\n');
    }
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
      while (bytes.hasRemaining()) channel.write(bytes);
    } catch (IOException e) {
      throw cannot("written", e);
    }
  }

  private static Map<String, @Nullable Object> json(Reward reward) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    switch (reward) {
      case Scored scored -> {
        json.put("reward", scored.value());
        scored.deviation().ifPresent(d -> json.put("deviation", d));
      }
      case Unscored unscored -> json.put("unscored", unscored.reason());
    }
    if (!reward.parts().isEmpty()) {
      Map<String, @Nullable Object> parts = new LinkedHashMap<>();
      reward
          .parts()
          .forEach(
              (name, part) ->
                  parts.put(
                      name,
                      part instanceof Scored scored
                              && scored.parts().isEmpty()
                              && scored.deviation().isEmpty()
                          ? scored.value()
                          : json(part)));
      json.put("parts", parts);
    }
    return json;
  }

  private static Object prompt(Prompt prompt) {
    List<Message> turns = prompt.messages();
    if (turns.isEmpty()) return "";
    if (turns.size() == 1 && turns.getFirst().role().equals("user")) return prompt.text();
    return turns.stream().map(m -> Map.of("role", m.role(), "content", m.content())).toList();
  }

  /** Reads all rows of a file in a run folder, which is not changed. */
  static void read(Path folder, String name, BiConsumer<Long, List<Row>> each) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) return;
    try {
      replay(file, Long.MAX_VALUE, each);
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    }
  }

  void sync() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw cannot("written", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Each step was written on its own: nothing waits here.
    }
  }

  private GoodhartException cannot(String what, IOException e) {
    return new GoodhartException(
        file + ": cannot be " + (what.equals("read") ? "opened" : what) + ": " + IoReason.of(e), e);
  }
}
