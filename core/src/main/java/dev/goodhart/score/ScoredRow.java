package dev.goodhart.score;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.data.Entry;
import dev.goodhart.data.Example;
import dev.goodhart.spec.Scorer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written for one row of the input:
 *
 * <pre>{@code
 * {"id": text, "reward": number|null, "parts": {name: number|null}, "deviation": number,
 *  "scale": raw|log-odds|probability, "unscored": reason}
 * }</pre>
 *
 * <p>Parts are the spec's signals by name; the parts of a part follow as {@code name.part}. {@code
 * deviation} and {@code scale} are there when they are known, {@code unscored} when there is no
 * reward.
 *
 * <p>A row with several responses gets one object too. Its parts are the responses' rewards: {@code
 * chosen} and {@code rejected}, or the number of the response from 0. Its reward is how far the
 * preferred response is ahead of the mean of the others (for a pair: chosen less rejected), or,
 * where the row prefers none, the mean of all.
 */
record ScoredRow(
    String id,
    @Nullable Double reward,
    Map<String, @Nullable Double> parts,
    @Nullable Double deviation,
    @Nullable Scale scale,
    @Nullable String unscored) {

  /** The responses that a row holds, in the row's order. */
  static List<Sample> samples(Entry entry) {
    List<Sample> samples = new ArrayList<>();
    if (entry instanceof Entry.Good good) {
      for (Example example : good.examples()) {
        switch (example) {
          case Example.Pair(var pair, _) -> {
            samples.add(pair.chosenSample());
            samples.add(pair.rejectedSample());
          }
          case Example.Labelled(var sample, _) -> samples.add(sample);
          case Example.Rated(var sample, _) -> samples.add(sample);
          case Example.Ranked(var ranked, _) -> samples.addAll(ranked);
          case Example.Plain(var sample) -> samples.add(sample);
          case Example.Task _ -> {}
        }
      }
    }
    return samples;
  }

  /**
   * @param rewards of {@link #samples}, in their order
   */
  static ScoredRow of(Entry entry, List<Reward> rewards) {
    return switch (entry) {
      case Entry.Bad bad -> missing(bad.id(), "bad row: " + bad.bad().message());
      case Entry.Good good when rewards.isEmpty() ->
          missing(good.id(), "no response: the row holds a prompt only");
      case Entry.Good good when rewards.size() == 1 -> single(good.id(), rewards.getFirst());
      case Entry.Good good -> several(good, rewards);
    };
  }

  private static ScoredRow missing(String id, String reason) {
    return new ScoredRow(id, null, Map.of(), null, null, reason);
  }

  private static ScoredRow single(String id, Reward reward) {
    Map<String, @Nullable Double> parts = new LinkedHashMap<>();
    flatten("", reward, parts);
    return switch (reward) {
      case Scored s ->
          new ScoredRow(
              id,
              s.value(),
              parts,
              s.deviation().isPresent() ? s.deviation().getAsDouble() : null,
              s.scale(),
              null);
      case Unscored u -> new ScoredRow(id, null, parts, null, null, u.reason());
    };
  }

  private static void flatten(String prefix, Reward reward, Map<String, @Nullable Double> into) {
    reward
        .parts()
        .forEach(
            (name, part) -> {
              into.put(prefix + name, part instanceof Scored s ? s.value() : null);
              flatten(prefix + name + ".", part, into);
            });
  }

  private static ScoredRow several(Entry.Good row, List<Reward> rewards) {
    Example first = row.examples().getFirst();
    boolean pair = first instanceof Example.Pair && rewards.size() == 2;
    boolean preferred = pair || first instanceof Example.Ranked;
    Map<String, @Nullable Double> parts = new LinkedHashMap<>();
    double others = 0;
    String unscored = null;
    Scale scale = rewards.getFirst() instanceof Scored s ? s.scale() : null;
    for (int i = 0; i < rewards.size(); i++) {
      String name = pair ? (i == 0 ? "chosen" : "rejected") : Integer.toString(i);
      switch (rewards.get(i)) {
        case Scored s -> {
          parts.put(name, s.value());
          others += preferred && i == 0 ? 0 : s.value();
        }
        case Unscored u -> {
          parts.put(name, null);
          unscored = unscored == null ? u.reason() : unscored;
        }
      }
    }
    if (unscored != null) {
      return new ScoredRow(row.id(), null, parts, null, null, unscored);
    }
    double best = ((Scored) rewards.getFirst()).value();
    double reward = preferred ? best - others / (rewards.size() - 1) : others / rewards.size();
    return new ScoredRow(row.id(), reward, parts, null, scale, null);
  }

  /** Scores the responses of several rows in one batch. */
  static List<ScoredRow> score(Scorer scorer, List<Entry> rows) {
    List<List<Sample>> samples = rows.stream().map(ScoredRow::samples).toList();
    List<Reward> rewards = scorer.score(samples.stream().flatMap(List::stream).toList());
    List<ScoredRow> scored = new ArrayList<>(rows.size());
    int from = 0;
    for (int i = 0; i < rows.size(); i++) {
      int to = from + samples.get(i).size();
      scored.add(of(rows.get(i), rewards.subList(from, to)));
      from = to;
    }
    return scored;
  }

  /** As one object for JSON; absent values left out, but for the reward. */
  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("id", id);
    object.put("reward", reward);
    object.put("parts", parts);
    if (deviation != null) {
      object.put("deviation", deviation);
    }
    if (scale != null) {
      object.put("scale", scale.id());
    }
    if (unscored != null) {
      object.put("unscored", unscored);
    }
    return object;
  }
}
