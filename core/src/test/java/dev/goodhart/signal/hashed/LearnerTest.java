package dev.goodhart.signal.hashed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LearnerTest {
  private static final int BITS = 8;

  /** Word buckets and one value of the look. */
  private static Features features(double length, int... words) {
    int[] sorted = Arrays.stream(words).sorted().toArray();
    float[] look = new float[Features.LOOK];
    look[0] = (float) length;
    int n = sorted.length;
    return new Features(sorted, new int[] {n, n, n, n}, look);
  }

  @Test
  void oneStepComputedByHand() {
    Learner learner = new Learner(BITS, 0.1, 3);
    Features better = features(1.5, 1, 2, 3);
    Features worse = features(1, 2, 4);
    learner.compare(better, worse, 1, 0, 2);
    // d = 0, so the gradient by d is 2 * (1/2 - 1) = -1; by a word that only one has, times 0.5
    double word = 0.1 * 0.5 / Math.sqrt(3 + 0.25); // what a word's weight moves by
    double look = 0.1 * 0.5 / Math.sqrt(3 + 0.25); // the difference in length is 0.5 too
    Weights weights = learner.weights();
    assertEquals(0.5 * word, weights.hashed()[1], 1e-7); // times its value again
    assertEquals(0, weights.hashed()[2], 0); // both have it
    assertEquals(0.5 * word, weights.hashed()[3], 1e-7);
    assertEquals(-0.5 * word, weights.hashed()[4], 1e-7);
    assertEquals(look, weights.look()[0], 1e-7);
    assertEquals(word + 1.5 * look, weights.reward(better), 1e-6);
    assertEquals(weights.reward(better), learner.reward(better), 1e-7);
  }

  /** AdaGrad once more, with maps, doubles and feature values spelt out. */
  private static final class Naive {
    final Map<String, Double> weight = new HashMap<>();
    final Map<String, Double> squares = new HashMap<>();

    static Map<String, Double> values(Features f) {
      Map<String, Double> values = new HashMap<>();
      for (int word : f.ngrams()) {
        values.put("word" + word, (double) FeatureGroup.WORDS.value);
      }
      values.put("length", (double) f.look()[0]);
      return values;
    }

    double reward(Features f) {
      return values(f).entrySet().stream()
          .mapToDouble(e -> e.getValue() * weight.getOrDefault(e.getKey(), 0.0))
          .sum();
    }

    void compare(Features a, Features b, double p, double m, double w) {
      double d = reward(a) - reward(b);
      double byD = w * (1 / (1 + Math.exp(-(d - m))) - p);
      Map<String, Double> difference = new HashMap<>(values(a));
      values(b).forEach((name, value) -> difference.merge(name, -value, Double::sum));
      difference.forEach(
          (name, x) -> {
            double g = byD * x;
            squares.merge(name, g * g, Double::sum);
            weight.merge(name, -0.2 * g / Math.sqrt(2 + squares.get(name)), Double::sum);
          });
    }
  }

  private static Features random(SplittableRandom random) {
    TreeSet<Integer> words = new TreeSet<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      words.add(random.nextInt(30));
    }
    return features(random.nextDouble(3), words.stream().mapToInt(w -> w).toArray());
  }

  @Test
  void agreesWithANaiveImplementation() {
    SplittableRandom random = new SplittableRandom(1);
    Learner learner = new Learner(BITS, 0.2, 2);
    Naive naive = new Naive();
    for (int i = 0; i < 500; i++) {
      Features a = random(random);
      Features b = random(random);
      double p = random.nextInt(3) / 2.0;
      double m = p == 1 ? random.nextDouble() : 0;
      double w = random.nextDouble(2);
      learner.compare(a, b, p, m, w);
      naive.compare(a, b, p, m, w);
    }
    for (int i = 0; i < 50; i++) {
      Features f = random(random);
      assertEquals(naive.reward(f), learner.reward(f), 2e-5);
    }
  }

  /** Where one pair is seen over and over, its difference must end where the loss is least. */
  private static double settled(double p, double m) {
    Learner learner = new Learner(BITS, 0.5, 0.1);
    Features a = features(0, 1);
    Features b = features(0, 2);
    for (int i = 0; i < 20_000; i++) {
      learner.compare(a, b, p, m, 1);
    }
    return learner.reward(a) - learner.reward(b);
  }

  @Test
  void aSoftLabelSettlesAtItsLogOddsAndATieAtNothing() {
    assertEquals(Math.log(3), settled(0.75, 0), 1e-3);
    assertEquals(-Math.log(9), settled(0.1, 0), 1e-3);
    assertEquals(0, settled(0.5, 0), 1e-6);
    assertEquals(1 + Math.log(3), settled(0.75, 1), 1e-3);
  }

  @Test
  void votesSettleAtTheLogOddsOfTheirShares() {
    Learner learner = new Learner(BITS, 0.05, 1);
    Features a = features(0, 1);
    Features b = features(0, 2);
    for (int i = 0; i < 20_000; i++) {
      learner.compare(a, b, i % 5 == 0 ? 0 : 1, 0, 1);
    }
    assertEquals(Math.log(4), learner.reward(a) - learner.reward(b), 0.03);
  }

  @Test
  void aPairOfWeightTwoIsThePairTwice() {
    double[] ends = new double[2];
    for (int way = 0; way < 2; way++) {
      Learner learner = new Learner(BITS, 0.02, 1);
      Features a = features(0, 1);
      Features b = features(0, 2);
      for (int i = 0; i < 40_000; i++) {
        if (way == 0) {
          learner.compare(a, b, 1, 0, 2);
        } else {
          learner.compare(a, b, 1, 0, 1);
          learner.compare(a, b, 1, 0, 1);
        }
        learner.compare(b, a, 1, 0, 1);
      }
      ends[way] = learner.reward(a) - learner.reward(b);
    }
    assertEquals(Math.log(2), ends[0], 0.02); // two wins to one
    assertEquals(Math.log(2), ends[1], 0.02);
  }

  @Test
  void aPairOfWeightZeroTeachesNothing() {
    Learner learner = new Learner(BITS, 0.1, 1);
    learner.compare(features(1, 1), features(2, 2), 1, 0, 0);
    assertEquals(0, learner.reward(features(5, 1, 2)), 0);
  }

  @Test
  void labelsSettleAtTheLogOddsOfBeingGood() {
    Learner learner = new Learner(BITS, 0.05, 1);
    Features often = features(0, 1);
    Features seldom = features(0, 2);
    for (int i = 0; i < 40_000; i++) {
      learner.label(often, i % 4 == 0 ? 0 : 1, 1);
      learner.label(seldom, i % 4 == 0 ? 1 : 0, 1);
    }
    double intercept = learner.weights().intercept();
    assertEquals(Math.log(3), learner.reward(often) + intercept, 0.05);
    assertEquals(-Math.log(3), learner.reward(seldom) + intercept, 0.05);
  }

  @Test
  void turnedAroundThePairTeachesTheSame() {
    Learner one = new Learner(BITS, 0.1, 1);
    Learner other = new Learner(BITS, 0.1, 1);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 200; i++) {
      Features a = random(random);
      Features b = random(random);
      one.compare(a, b, 0.75, 0, 1);
      other.compare(b, a, 0.25, 0, 1);
    }
    Features f = random(random);
    assertEquals(one.reward(f), other.reward(f), 1e-5);
  }
}
