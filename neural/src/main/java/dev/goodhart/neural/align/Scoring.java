package dev.goodhart.neural.align;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Pace;
import dev.goodhart.spec.Scorer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Rewards the responses of a step. Where a signal of the spec waits for others (a sandbox, a
 * judge), finished responses are scored in small batches while the policy still writes the rest;
 * otherwise all at once behind it, which is cheaper for models and makes no difference for rules.
 * What stands together in a batch is the same in every run.
 */
final class Scoring implements AutoCloseable {
  private static final int BATCH = 8;

  private Scorer scorer;
  private final boolean ahead;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Scoring(Scorer scorer) {
    this.scorer = scorer;
    this.ahead =
        scorer.spec().signals().keySet().stream().anyMatch(s -> scorer.pace(s) == Pace.SLOW);
  }

  /** The responses of one step. */
  final class Step {
    private final Scorer now;
    private final List<Sample> waiting = new ArrayList<>();
    private final Map<Sample, Reward> rewards = new IdentityHashMap<>();
    private final List<List<Sample>> asked = new ArrayList<>();
    private final List<Future<List<Reward>>> answers = new ArrayList<>();

    private Step(Scorer now) {
      this.now = now;
    }

    /** One more response is finished. */
    void add(Sample sample) {
      waiting.add(sample);
      if (ahead && waiting.size() >= BATCH) submit();
    }

    private void submit() {
      List<Sample> batch = List.copyOf(waiting);
      waiting.clear();
      asked.add(batch);
      answers.add(threads.submit(() -> now.score(batch)));
    }

    /** What they earned, in the order of the samples. */
    List<Reward> rewards(List<Sample> samples) {
      if (!waiting.isEmpty()) submit();
      for (int i = 0; i < asked.size(); i++) {
        List<Reward> got = get(answers.get(i));
        for (int k = 0; k < got.size(); k++) rewards.put(asked.get(i).get(k), got.get(k));
      }
      return samples.stream().map(s -> java.util.Objects.requireNonNull(rewards.get(s))).toList();
    }
  }

  private static List<Reward> get(Future<List<Reward>> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      if (e.getCause() instanceof Error cause) throw cause;
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * @param step of the run, from 0: the spec's schedules stand at it
   */
  Step step(long step) {
    return new Step(scorer.at(step));
  }

  /** Goes on behind a step: a combination that learns (multipliers) has seen its rewards. */
  void after(List<? extends Reward> rewards) {
    scorer = scorer.after(rewards);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
