package dev.goodhart.serve.dashboard;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.serve.live.Alarm;
import dev.goodhart.serve.live.Health;
import dev.goodhart.serve.live.Point;
import dev.goodhart.serve.live.Run;
import dev.goodhart.serve.live.Runs;
import dev.goodhart.serve.live.Seen;
import dev.goodhart.serve.live.Summary;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the page shows, as JSON. Times are milliseconds since 1970; what is not known is null. */
final class Views {
  private static final MathContext SHOWN = new MathContext(6);

  private Views() {}

  /** Every run, every signal, and how the watching itself is doing. */
  static Map<String, @Nullable Object> all(Runs runs) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("runs", runs.runs().stream().map(Views::totals).toList());
    json.put("signals", runs.signals().stream().map(Views::health).toList());
    Runs.Totals totals = runs.totals();
    json.put("heard", totals.heard());
    json.put("dropped", totals.dropped());
    json.put("unaudited", totals.unaudited());
    return json;
  }

  /** One run, its points from a window's number on. */
  static Map<String, @Nullable Object> run(Run run, long from) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(totals(run.totals()));
    json.put("from", from);
    json.put("points", run.points(from).stream().map(Views::point).toList());
    json.put("raised", run.alarms().stream().map(Views::alarm).toList());
    json.put("suspicious", run.suspicious().stream().map(Views::seen).toList());
    json.put("latest", run.latest().reversed().stream().map(Views::seen).toList());
    return json;
  }

  private static Map<String, @Nullable Object> totals(Run.Totals totals) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("run", totals.name());
    json.put("began", totals.began().toEpochMilli());
    json.put("heard", totals.heard().toEpochMilli());
    json.put("step", totals.step());
    json.put("samples", totals.samples());
    json.put("unscored", totals.unscored());
    json.put("windows", totals.windows());
    json.put("late", totals.late());
    json.put("audited", totals.audited());
    json.put("alarms", totals.alarms());
    return json;
  }

  private static Map<String, @Nullable Object> point(Point point) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("window", point.window());
    json.put("step", point.step());
    json.put("at", point.to().toEpochMilli());
    json.put("samples", point.samples());
    json.put("unscored", point.unscored());
    json.put("reward", summary(point.reward()));
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    point.parts().forEach((name, part) -> parts.put(name, summary(part)));
    json.put("parts", parts);
    json.put("length", summary(point.length()));
    json.put("deviation", number(point.deviation()));
    json.put("repetition", number(point.repetition()));
    json.put("duplicates", number(point.duplicates()));
    return json;
  }

  private static @Nullable Object summary(@Nullable Summary summary) {
    if (summary == null) return null;
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("mean", number(summary.mean()));
    json.put("deviation", number(summary.deviation()));
    json.put("low", number(summary.low()));
    json.put("median", number(summary.median()));
    json.put("high", number(summary.high()));
    return json;
  }

  private static Map<String, @Nullable Object> alarm(Alarm alarm) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("window", alarm.window());
    json.put("step", alarm.step());
    json.put("at", alarm.at().toEpochMilli());
    json.put("name", alarm.finding().name());
    json.put("says", alarm.finding().says());
    return json;
  }

  private static Map<String, @Nullable Object> seen(Seen seen) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", seen.sample().id());
    json.put("digest", seen.digest());
    json.put("step", seen.step());
    json.put("at", seen.at().toEpochMilli());
    json.put("prompt", seen.sample().prompt().text());
    json.put("response", seen.sample().response());
    json.put("reference", seen.sample().reference());
    json.put("length", seen.length());
    json.putAll(reward(seen.reward()));
    Map<String, Object> parts = new LinkedHashMap<>();
    seen.reward().parts().forEach((name, part) -> parts.put(name, reward(part)));
    json.put("parts", parts);
    json.put("suspicion", number(seen.suspicion()));
    json.put("why", seen.why());
    return json;
  }

  private static Map<String, @Nullable Object> reward(Reward reward) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    switch (reward) {
      case Scored scored -> {
        json.put("reward", number(scored.value()));
        json.put(
            "deviation",
            scored.deviation().isPresent() ? number(scored.deviation().getAsDouble()) : null);
      }
      case Unscored unscored -> {
        json.put("reward", null);
        json.put("reason", unscored.reason());
      }
    }
    return json;
  }

  private static Map<String, @Nullable Object> health(Health health) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("signal", health.signal());
    json.put("samples", health.samples());
    json.put("unscored", health.unscored());
    json.put("reason", health.reason());
    json.put("cached", health.cached());
    json.put("median", number(health.median()));
    json.put("slowest", number(health.slowest()));
    return json;
  }

  /** Six digits are more than anyone sees; JSON knows no NaN. */
  private static @Nullable Double number(double value) {
    return Double.isFinite(value)
        ? (Double) new BigDecimal(value).round(SHOWN).doubleValue()
        : null;
  }
}
