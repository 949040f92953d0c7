package dev.goodhart.serve.journal;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Digests;
import dev.goodhart.serve.scoring.Scoring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Scored batches to journal, and what stands in a journal as another library reads it. */
final class Batches {
  private Batches() {}

  static Asked asked(String id, String run, @Nullable String key) {
    return new Asked(id, "goodhart", "anyone", run, 3L, Long.MAX_VALUE, key);
  }

  static Sample sample(String id, String response) {
    return new Sample(
        id,
        new Prompt(List.of(new Message("system", "Be short."), Message.user("1 + 1?"))),
        response,
        "2",
        Map.of("group", "g1"));
  }

  static Scoring scoring(Sample sample, Reward reward) {
    return new Scoring(
        sample,
        Digests.of(sample),
        reward.withParts(Map.of("correct", reward)),
        Map.of("correct", new Scoring.Took(8500, false)));
  }

  /** So many samples, each rewarded with its place in the batch. */
  static List<Scoring> batch(int samples, String response) {
    List<Scoring> batch = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      batch.add(scoring(sample("s" + i, response), Reward.of(i)));
    }
    return batch;
  }

  static List<JsonNode> lines(Path folder) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (Path file : files(folder)) {
      for (String line : Files.readAllLines(file)) lines.add(JsonMapper.shared().readTree(line));
    }
    return lines;
  }

  static List<Path> files(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
  }
}
