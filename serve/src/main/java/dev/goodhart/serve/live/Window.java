package dev.goodhart.serve.live;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.audit.DuplicateRate;
import dev.goodhart.audit.RepetitionDrift;
import dev.goodhart.serve.scoring.Scoring;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The samples of a run that arrived since its last point, summed up as they come. */
final class Window {
  /** So many samples are kept for the monitors to read. */
  private static final int KEPT = 1024;

  /** A spec has a handful of parts; a signal that names them by the sample must not fill memory. */
  private static final int PARTS = 64;

  final @Nullable Long step;
  final Instant from;
  private Instant to;
  private long samples;
  private long unscored;
  private final Tally rewards = new Tally();
  private final Tally lengths = new Tally();
  private final Tally deviations = new Tally();
  private final Map<String, Tally> parts = new LinkedHashMap<>();
  private final List<Kept> kept = new ArrayList<>();
  private long weight;

  Window(@Nullable Long step, Instant from) {
    this.step = step;
    this.from = from;
    to = from;
  }

  /** Returns what the sample weighs when it was kept, 0 when it was only counted. */
  long add(Scoring scoring, Instant at, long budget) {
    samples++;
    to = at;
    Reward reward = scoring.reward();
    if (reward instanceof Scored scored) {
      rewards.add(scored.value());
      if (scored.deviation().isPresent()) deviations.add(scored.deviation().getAsDouble());
    } else {
      unscored++;
    }
    for (var part : reward.parts().entrySet()) {
      if (part.getValue() instanceof Scored scored) {
        Tally tally = parts.get(part.getKey());
        if (tally == null && parts.size() < PARTS) {
          tally = new Tally();
          parts.put(part.getKey(), tally);
        }
        if (tally != null) tally.add(scored.value());
      }
    }
    lengths.add(scoring.sample().response().length());
    if (kept.size() >= KEPT || budget <= 0) return 0;
    Kept sample = Kept.of(scoring, step, at);
    if (sample.weight() > budget) return 0;
    kept.add(sample);
    weight += sample.weight();
    return sample.weight();
  }

  long samples() {
    return samples;
  }

  /** Of the last sample. */
  Instant to() {
    return to;
  }

  List<Kept> kept() {
    return kept;
  }

  /** What the kept samples weigh. */
  long weight() {
    return weight;
  }

  Point point(long number) {
    Map<String, Summary> summaries = new LinkedHashMap<>();
    parts.forEach(
        (name, tally) -> {
          Summary summary = tally.summary();
          if (summary != null) summaries.put(name, summary);
        });
    Summary deviation = deviations.summary();
    return new Point(
        number,
        step,
        from,
        to,
        samples,
        unscored,
        rewards.summary(),
        summaries,
        lengths.summary(),
        deviation == null ? Double.NaN : deviation.mean(),
        kept.stream()
            .mapToDouble(k -> RepetitionDrift.share(k.sample().response()))
            .average()
            .orElse(Double.NaN),
        DuplicateRate.share(kept.stream().map(Kept::sample).toList()));
  }
}
