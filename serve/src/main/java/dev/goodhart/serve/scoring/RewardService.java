package dev.goodhart.serve.scoring;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import dev.goodhart.audit.Finding;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A reward spec at work for many clients at once. */
public final class RewardService implements AutoCloseable {
  private final Scorer scorer;
  private final List<Listener> listeners;
  private final String version;

  public RewardService(RewardSpec spec, List<Listener> listeners) {
    scorer = new Scorer(spec);
    this.listeners = List.copyOf(listeners);
    version = Version.of(spec);
  }

  public RewardSpec spec() {
    return scorer.spec();
  }

  /** Of what scores. */
  public String version() {
    return version;
  }

  /**
   * Rewards a batch; blocks until every sample has its verdict or its deadline is over, and the
   * listeners have heard of it.
   *
   * @throws Refusal 429 when too much waits already, or what a listener throws
   */
  public Answer score(Asked asked, List<Sample> samples) {
    long start = System.nanoTime();
    List<Reward> rewards = scorer.score(samples);
    long nanos = System.nanoTime() - start;
    List<Scoring> scorings = new ArrayList<>(samples.size());
    for (int i = 0; i < samples.size(); i++) {
      Map<String, Scoring.Took> took = new java.util.LinkedHashMap<>();
      for (String name : spec().signals().keySet()) took.put(name, new Scoring.Took(nanos, false));
      scorings.add(new Scoring(samples.get(i), Digests.of(samples.get(i)), rewards.get(i), took));
    }
    List<Finding> alarms = new ArrayList<>();
    for (Listener listener : listeners) {
      alarms.addAll(listener.scored(asked, scorings, version));
    }
    return new Answer(scorings, alarms, version);
  }

  /** An unscored sample that a protocol could not say: counted and logged. */
  public void countInstead(Asked asked, Unscored reward) {
    System.getLogger(RewardService.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "{0}: not scored, and the protocol cannot say so: {1}",
            asked.protocol(),
            reward.reason());
  }

  @Override
  public void close() {
    scorer.close();
  }
}
