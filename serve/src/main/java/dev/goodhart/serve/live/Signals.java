package dev.goodhart.serve.live;

import dev.goodhart.Reward;
import dev.goodhart.Unscored;
import dev.goodhart.serve.scoring.Scoring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How every signal is doing: two buckets of a minute, of which the older one is thrown away. */
final class Signals {
  private static final Duration BUCKET = Duration.ofMinutes(1);
  private static final int MOST = 64;
  private static final int REASONS = 32;

  private Map<String, Bucket> now = new LinkedHashMap<>();
  private Map<String, Bucket> before = new LinkedHashMap<>();
  private Instant turned = Instant.MIN;

  synchronized void add(List<Scoring> scorings, Instant at) {
    turn(at);
    for (Scoring scoring : scorings) {
      for (var took : scoring.signals().entrySet()) {
        Bucket bucket = now.get(took.getKey());
        if (bucket == null) {
          if (now.size() >= MOST) continue;
          bucket = new Bucket();
          now.put(took.getKey(), bucket);
        }
        Reward part = scoring.reward().parts().get(took.getKey());
        bucket.add(took.getValue(), part);
      }
    }
  }

  private void turn(Instant at) {
    if (turned.equals(Instant.MIN)) turned = at;
    Duration since = Duration.between(turned, at);
    if (since.compareTo(BUCKET) < 0) return;
    before = since.compareTo(BUCKET.multipliedBy(2)) < 0 ? now : new LinkedHashMap<>();
    now = new LinkedHashMap<>();
    turned = at;
  }

  synchronized List<Health> health(Instant at) {
    turn(at);
    List<Health> health = new ArrayList<>();
    Map<String, Bucket> both = new LinkedHashMap<>();
    before.forEach((name, bucket) -> both.put(name, bucket));
    now.forEach((name, bucket) -> both.merge(name, bucket, (a, b) -> new Bucket().plus(a).plus(b)));
    both.forEach((name, bucket) -> health.add(bucket.health(name)));
    return health;
  }

  private static final class Bucket {
    private long samples;
    private long unscored;
    private long cached;
    private final Map<String, Long> reasons = new LinkedHashMap<>();
    private final int[] latencies = new int[256]; // quarters of a doubling, from 1 ns

    void add(Scoring.Took took, @Nullable Reward part) {
      samples++;
      if (took.cached()) {
        cached++;
      } else {
        latencies[bin(took.nanos())]++;
      }
      if (part instanceof Unscored why) {
        unscored++;
        String kind = Texts.cut(why.kind(), 200);
        if (reasons.size() < REASONS || reasons.containsKey(kind)) {
          reasons.merge(kind, 1L, Long::sum);
        }
      }
    }

    Bucket plus(Bucket other) {
      samples += other.samples;
      unscored += other.unscored;
      cached += other.cached;
      other.reasons.forEach((kind, n) -> reasons.merge(kind, n, Long::sum));
      for (int i = 0; i < latencies.length; i++) latencies[i] += other.latencies[i];
      return this;
    }

    Health health(String name) {
      String commonest =
          reasons.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .map(Map.Entry::getKey)
              .orElse(null);
      return new Health(name, samples, unscored, commonest, cached, quantile(0.5), quantile(0.99));
    }

    private double quantile(double q) {
      long all = 0;
      for (int n : latencies) all += n;
      long rank = (long) Math.ceil(q * all);
      long below = 0;
      for (int i = 0; i < latencies.length; i++) {
        below += latencies[i];
        if (all > 0 && below >= rank) return Math.pow(2, (i + 0.5) / 4) / 1e6;
      }
      return Double.NaN;
    }

    private static int bin(long nanos) {
      double bin = 4 * Math.log((double) Math.max(1, nanos)) / Math.log(2);
      return (int) Math.min(255, bin);
    }
  }
}
