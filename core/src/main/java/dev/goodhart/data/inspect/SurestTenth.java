package dev.goodhart.data.inspect;

import dev.goodhart.Preference;
import dev.goodhart.audit.Finding.Level;
import dev.goodhart.data.Example;
import dev.goodhart.report.Figure;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * An upper estimate of label noise that needs neither repeats nor votes. A linear Bradley–Terry
 * model is fitted five times, each time without a fifth of the prompts, and judges the pairs of
 * that fifth. Of the tenth of all pairs that it is surest of, some labels say the contrary. If
 * labels are flipped with probability e everywhere, and the model errs in a share q of that tenth,
 *
 * <pre>{@code contrary = e (1 - q) + (1 - e) q = e + q (1 - 2e) ≥ e}</pre>
 *
 * so that the share bounds e from above, the tighter the better the model. It says nothing where
 * labels are noisier on hard pairs, which the model is not sure of. At most {@code KEPT} pairs,
 * drawn at random, are looked at.
 */
final class SurestTenth implements Look {
  private static final int KEPT = 10_000;
  private static final int ENOUGH = 300;
  private static final int FOLDS = 5;
  private static final int EPOCHS = 5;
  private static final double RATE = 0.5;

  /** One decided pair, winner first. */
  private record Kept(long prompt, Features features, Shown shown) {
    int fold() {
      return (int) Long.remainderUnsigned(Hash.mix(prompt), FOLDS);
    }
  }

  private final Seeds seeds;
  private final int show;
  private final SplittableRandom random;
  private final List<Kept> kept = new ArrayList<>();
  private long seen;

  SurestTenth(Seeds seeds, int show) {
    this.seeds = seeds;
    this.show = show;
    this.random = seeds.of("inspect-sample");
  }

  @Override
  public void see(Item item) {
    for (Example.Pair pair : item.pairs()) {
      Preference p = pair.preference();
      if (p.isTie()) {
        continue;
      }
      seen++;
      long slot = kept.size() < KEPT ? kept.size() : random.nextLong(seen);
      if (slot < KEPT) {
        Kept one = keep(item, p);
        if (slot == kept.size()) {
          kept.add(one);
        } else {
          kept.set((int) slot, one);
        }
      }
    }
  }

  private Kept keep(Item item, Preference p) {
    boolean chosenWins = p.probability() > 0.5;
    Features features =
        Features.difference(
            chosenWins ? p.chosen() : p.rejected(), chosenWins ? p.rejected() : p.chosen());
    return new Kept(item.cluster(), features, Shown.of(item.line(), 0, p));
  }

  @Override
  public List<Observation> observations() {
    if (kept.size() < ENOUGH) {
      return List.of();
    }
    double[] margins = new double[kept.size()];
    IntStream.range(0, FOLDS).parallel().forEach(fold -> judge(fold, margins));
    List<Integer> surest =
        IntStream.range(0, margins.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -Math.abs(margins[i])))
            .limit(margins.length / 10)
            .toList();
    List<Integer> contrary = surest.stream().filter(i -> margins[i] < 0).toList();
    Clustered clustered = new Clustered(surest.size());
    surest.forEach(i -> clustered.add(kept.get(i).prompt(), margins[i] < 0 ? 1 : 0));
    Share share = clustered.share();
    long right = IntStream.range(0, margins.length).filter(i -> margins[i] > 0).count();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("noise-at-most", share.value());
    figures.put("noise-at-most-low", share.low());
    figures.put("noise-at-most-high", share.high());
    figures.put("surest", (double) surest.size());
    figures.put("model-accuracy", (double) right / margins.length);
    return List.of(
        Observation.of(
                Level.FINE,
                "label-noise-at-most",
                "If labels are flipped at one rate everywhere, it is at most about "
                    + Figure.percent(share.value())
                    + " ["
                    + Figure.fixed(100 * share.low(), 1)
                    + ", "
                    + Figure.fixed(100 * share.high(), 1)
                    + "]: so many labels contradict a cross-fitted linear model in"
                    + " the tenth of the pairs that it is surest of (it is right in "
                    + Figure.percent((double) right / margins.length)
                    + " of all).",
                figures)
            .showing(contrary.stream().limit(show).map(i -> kept.get(i).shown()).toList()));
  }

  /** Fits on the other folds by AdaGrad on the logistic loss of the margin, and judges this one. */
  private void judge(int fold, double[] margins) {
    int[] others =
        IntStream.range(0, kept.size()).filter(i -> kept.get(i).fold() != fold).toArray();
    float[] weights = new float[Features.SIZE + 1];
    float[] squares = new float[Features.SIZE + 1];
    SplittableRandom order = seeds.of("inspect-order", fold);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (int i = others.length - 1; i > 0; i--) {
        int j = order.nextInt(i + 1);
        int swapped = others[i];
        others[i] = others[j];
        others[j] = swapped;
      }
      for (int i : others) {
        step(kept.get(i).features(), weights, squares);
      }
    }
    for (int i = 0; i < margins.length; i++) {
      if (kept.get(i).fold() == fold) {
        margins[i] = kept.get(i).features().dot(weights);
      }
    }
  }

  private static void step(Features features, float[] weights, float[] squares) {
    double slope = -1 / (1 + Math.exp(features.dot(weights)));
    for (int i = 0; i < features.index().length; i++) {
      int at = features.index()[i];
      float gradient = (float) (slope * features.value()[i]);
      squares[at] += gradient * gradient;
      weights[at] -= (float) (RATE * gradient / (1e-6 + Math.sqrt(squares[at])));
    }
  }
}
