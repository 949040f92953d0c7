package dev.goodhart.signal.hashed;

import dev.goodhart.signal.hashed.TrainingSet.Item;
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

  private final TrainingSet set;
  private final Item[] items;
  private final Learner learner;
  private final SplittableRandom order;
  private Weights best;
  private int bestPass;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private int pass;

  Member(HashedBradleyTerry method, TrainingSet set, List<Item> training, SplittableRandom order) {
    this.set = set;
    this.items = training.toArray(Item[]::new);
    this.learner = new Learner(method.bits(), method.rate(), method.accumulator());
    this.order = order;
    this.best = learner.weights();
  }

  /** As many prompts as there are, drawn with replacement, each with all that is known of it. */
  static List<Item> bootstrap(List<Item> training, SplittableRandom random) {
    Map<Integer, List<Item>> byPrompt = new LinkedHashMap<>();
    training.forEach(i -> byPrompt.computeIfAbsent(i.prompt(), p -> new ArrayList<>()).add(i));
    List<List<Item>> prompts = List.copyOf(byPrompt.values());
    List<Item> drawn = new ArrayList<>();
    for (int k = 0; k < prompts.size(); k++) {
      drawn.addAll(prompts.get(random.nextInt(prompts.size())));
    }
    return drawn;
  }

  /** One more pass. */
  void train() {
    for (int i = items.length - 1; i > 0; i--) {
      int j = order.nextInt(i + 1);
      Item swapped = items[i];
      items[i] = items[j];
      items[j] = swapped;
    }
    for (Item item : items) {
      Features first = set.responses()[item.first()];
      if (item.isLabel()) {
        learner.label(first, item.probability(), item.weight());
      } else {
        learner.compare(
            first,
            set.responses()[item.second()],
            item.probability(),
            item.margin(),
            item.weight());
      }
    }
    pass++;
  }

  /**
   * Holds the weights as they are against the best so far; without development prompts the last
   * are.
   */
  void judge(Development development) {
    double loss = development.isEmpty() ? -pass : development.loss(learner::reward);
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
