package dev.goodhart.verify.judge;

import dev.goodhart.Unscored;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link Usage}, from many threads. */
final class Tally {
  final LongAdder questions = new LongAdder();
  final LongAdder cached = new LongAdder();
  final LongAdder requests = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder promptTokens = new LongAdder();
  final LongAdder completionTokens = new LongAdder();
  final LongAdder nanos = new LongAdder();
  private final ConcurrentHashMap<String, LongAdder> unscored = new ConcurrentHashMap<>();

  void count(Unscored missing) {
    unscored.computeIfAbsent(missing.kind(), k -> new LongAdder()).increment();
  }

  void add(Tally other) {
    questions.add(other.questions.sum());
    cached.add(other.cached.sum());
    requests.add(other.requests.sum());
    retries.add(other.retries.sum());
    promptTokens.add(other.promptTokens.sum());
    completionTokens.add(other.completionTokens.sum());
    nanos.add(other.nanos.sum());
  }

  Usage usage() {
    Map<String, Long> reasons = new TreeMap<>();
    unscored.forEach((kind, count) -> reasons.put(kind, count.sum()));
    return new Usage(
        questions.sum(),
        cached.sum(),
        requests.sum(),
        retries.sum(),
        promptTokens.sum(),
        completionTokens.sum(),
        nanos.sum() / 1e9,
        reasons);
  }
}
