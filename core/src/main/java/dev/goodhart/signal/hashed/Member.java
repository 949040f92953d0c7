package dev.goodhart.signal.hashed;

import dev.goodhart.signal.fit.Judgement;
import dev.goodhart.signal.fit.PreferenceData;
import dev.goodhart.signal.fit.Temperature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One model of an ensemble being trained: pass after pass over its own draw of the comparisons,
 * until the loss on development prompts has risen. It keeps the weights of its best pass.
 */
final class Member {
  /**
   * How often in a row the loss may fail to fall: once where a pass is long and the loss smooth, a
   * few times where there is little data and it jumps.
   */
  private static final int PATIENCE = 3;

  private static final int MANY = 10_000;

  private final Features[] features;
  private final double margin;
  private final Judgement[] items;
  private final Learner learner;
  private final SplittableRandom order;
  private Weights best;
  private int bestPass;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private int pass;

  Member(
      HashedBradleyTerry method,
      Features[] features,
      List<Judgement> training,
      SplittableRandom order) {
    this.features = features;
    this.margin = method.margin();
    this.items = training.toArray(Judgement[]::new);
    this.learner = new Learner(method.bits(), method.rate(), method.accumulator());
    this.order = order;
    this.best = learner.weights();
  }

  /** As many prompts as there are, drawn with replacement, each with all that is known of it. */
  static List<Judgement> bootstrap(List<Judgement> training, SplittableRandom random) {
    Map<Integer, List<Judgement>> byPrompt = new LinkedHashMap<>();
    training.forEach(i -> byPrompt.computeIfAbsent(i.prompt(), p -> new ArrayList<>()).add(i));
    List<List<Judgement>> prompts = List.copyOf(byPrompt.values());
    List<Judgement> drawn = new ArrayList<>();
    for (int k = 0; k < prompts.size(); k++) {
      drawn.addAll(prompts.get(random.nextInt(prompts.size())));
    }
    return drawn;
  }

  /** One more pass. */
  void train() {
    for (int i = items.length - 1; i > 0; i--) {
      int j = order.nextInt(i + 1);
      Judgement swapped = items[i];
      items[i] = items[j];
      items[j] = swapped;
    }
    for (Judgement item : items) {
      Features first = features[item.first()];
      if (item.isLabel()) {
        learner.label(first, item.probability(), item.weight());
      } else {
        learner.compare(
            first,
            features[item.second()],
            item.probability(),
            margin * item.strength(),
            item.weight());
      }
    }
    pass++;
  }

  /**
   * Holds the weights as they are against the best so far, by the loss that is left at the best
   * temperature: what scaling cannot mend. Without development judgements the last are the best.
   */
  void judge(PreferenceData data, List<Judgement> development) {
    double loss =
        development.isEmpty()
            ? -pass
            : Temperature.of(
                    development, data.rewards(development, r -> learner.reward(features[r])))
                .loss();
    if (loss < bestLoss) {
      bestLoss = loss;
      bestPass = pass;
      best = learner.weights();
    }
  }

  boolean isDone(int passes) {
    return pass >= passes || pass - bestPass >= (items.length < MANY ? PATIENCE : 1);
  }

  Weights best() {
    return best;
  }

  int bestPass() {
    return bestPass;
  }

  int size() {
    return items.length;
  }
}
