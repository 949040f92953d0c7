package dev.goodhart.serve.scoring;

import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Prometheus hears of a service. The Prometheus client itself, not Micrometer: that one drops
 * what is negative, and rewards are.
 */
final class ServiceMeters {
  // Names come from reasons, which come from anywhere: no more of them than this.
  private static final int KINDS = 50;

  private final Histogram took;
  private final Histogram batches;
  private final Histogram rewards;
  private final Counter samples;
  private final Counter unscored;
  private final Counter unsaid;
  private final Counter hits;
  private final Counter misses;
  private final Counter refused;
  // Looking a label up costs more than what it counts.
  private final Map<String, DistributionDataPoint> tookBySignal = new ConcurrentHashMap<>();
  private final Map<String, CounterDataPoint> byProtocol = new ConcurrentHashMap<>();
  private final Map<String, CounterDataPoint> byReason = new ConcurrentHashMap<>();

  ServiceMeters(PrometheusRegistry registry, Map<String, Lane> lanes) {
    took =
        Histogram.builder()
            .name("goodhart_signal_seconds")
            .help("From the request for a sample to a signal's verdict, waiting included")
            .labelNames("signal")
            .classicOnly()
            .classicUpperBounds(1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 60)
            .register(registry);
    batches =
        Histogram.builder()
            .name("goodhart_batch_samples")
            .help("Samples that a model scored at once")
            .labelNames("signal")
            .classicOnly()
            .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128, 256)
            .register(registry);
    rewards =
        Histogram.builder()
            .name("goodhart_reward")
            .help("Rewards given")
            .classicOnly()
            .classicUpperBounds(-10, -5, -2, -1, -0.5, 0, 0.25, 0.5, 0.75, 1, 2, 5, 10)
            .register(registry);
    samples = counter(registry, "goodhart_samples", "Samples answered", "protocol");
    unscored = counter(registry, "goodhart_unscored", "Samples without a reward", "reason");
    unsaid =
        counter(
            registry,
            "goodhart_unscored_unsaid",
            "Samples without a reward in a protocol that cannot say so",
            "protocol");
    hits = counter(registry, "goodhart_cache_hits", "Rewards that were known already", "signal");
    misses =
        counter(registry, "goodhart_cache_misses", "Rewards that had to be computed", "signal");
    refused =
        counter(
            registry, "goodhart_refused", "Requests refused because a signal was full", "signal");
    GaugeWithCallback.builder()
        .name("goodhart_queue_samples")
        .help("Samples that wait for a signal")
        .labelNames("signal")
        .callback(to -> lanes.forEach((name, lane) -> to.call(lane.waiting(), name)))
        .register(registry);
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String label) {
    return Counter.builder().name(name).help(help).labelNames(label).register(registry);
  }

  void batch(String signal, int size) {
    batches.labelValues(signal).observe(size);
  }

  void refused(String signal) {
    refused.labelValues(signal).inc();
  }

  /**
   * @param cacheable whether a signal's rewards are kept
   */
  void scored(Asked asked, List<Scoring> scorings, Map<String, Lane> cacheable) {
    byProtocol.computeIfAbsent(asked.protocol(), samples::labelValues).inc(scorings.size());
    for (Scoring scoring : scorings) {
      scoring
          .signals()
          .forEach(
              (signal, each) -> {
                tookBySignal.computeIfAbsent(signal, took::labelValues).observe(each.nanos() / 1e9);
                if (cacheable.containsKey(signal)) {
                  (each.cached() ? hits : misses).labelValues(signal).inc();
                }
              });
      switch (scoring.reward()) {
        case Scored scored -> rewards.observe(scored.value());
        case Unscored none -> reason(none.kind()).inc();
      }
    }
  }

  private CounterDataPoint reason(String kind) {
    String name = byReason.containsKey(kind) || byReason.size() < KINDS ? kind : "other";
    return byReason.computeIfAbsent(name, unscored::labelValues);
  }

  void unsaid(Asked asked) {
    unsaid.labelValues(asked.protocol()).inc();
  }
}
