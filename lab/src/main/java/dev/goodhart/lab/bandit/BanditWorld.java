package dev.goodhart.lab.bandit;

import dev.goodhart.audit.exact.Softmax;
import dev.goodhart.run.Seeds;
import java.util.SplittableRandom;

/**
 * Makes bandits whose proxy is wrong in the ways one asks for.
 *
 * <pre>{@code
 * base logits  spread N(0, 1) - rarity [y is a trap]
 * gold         N(0, 1)        - harm   [y is a trap]
 * proxy        scale (gold + error N(0, 1) + lure [y is a trap])
 * }</pre>
 *
 * <p>With traps, error and scale at 0, 0 and 1 the proxy is gold. {@code error} alone misleads a
 * little everywhere, as too few comparisons do; a trap is what a reward model has never seen: rare
 * under the base policy, worth little, liked. A lure of more than the harm makes traps the proxy's
 * favourites.
 *
 * @param prompts at least 1
 * @param responses to each prompt, at least 2
 * @param spread of the base policy's logits, at least 0; 0 is uniform
 * @param error standard deviation of the proxy's error, in deviations of gold
 * @param scale of the proxy, above 0
 * @param traps how many of the responses to each prompt, less than all
 * @param rarity nats by which a trap is rarer
 * @param harm by which a trap is worth less
 * @param lure by which the proxy overrates a trap
 */
public record BanditWorld(
    int prompts,
    int responses,
    double spread,
    double error,
    double scale,
    int traps,
    double rarity,
    double harm,
    double lure) {
  /** Twenty prompts of twenty responses, an error of half of gold's deviation, one trap. */
  public static final BanditWorld DEFAULT = new BanditWorld(20, 20, 1, 0.5, 1, 1, 3, 2, 4);

  public BanditWorld {
    if (prompts < 1 || responses < 2) {
      throw new IllegalArgumentException(
          "a bandit needs a prompt and two responses, not %d and %d".formatted(prompts, responses));
    }
    if (traps < 0 || traps >= responses) {
      throw new IllegalArgumentException(
          "traps must be at least 0 and fewer than %d responses, not %d"
              .formatted(responses, traps));
    }
    if (!(spread >= 0 && error >= 0 && scale > 0)) {
      throw new IllegalArgumentException(
          "spread and error must be at least 0 and scale above 0, not %s, %s, %s"
              .formatted(spread, error, scale));
    }
  }

  /** Prompts and responses alone, the rest of the default, without traps. */
  public static BanditWorld plain(int prompts, int responses, double error) {
    return new BanditWorld(prompts, responses, 1, error, 1, 0, 0, 0, 0);
  }

  /** Draws a bandit; the traps are the last responses. Base, gold and error have own streams. */
  public Bandit draw(Seeds seeds) {
    SplittableRandom policies = seeds.of("base");
    SplittableRandom worths = seeds.of("gold");
    SplittableRandom errors = seeds.of("error");
    double[][] base = new double[prompts][];
    double[][] gold = new double[prompts][responses];
    double[][] proxy = new double[prompts][responses];
    for (int x = 0; x < prompts; x++) {
      double[] logits = new double[responses];
      for (int y = 0; y < responses; y++) {
        double trap = y >= responses - traps ? 1 : 0;
        logits[y] = spread * policies.nextGaussian() - rarity * trap;
        gold[x][y] = worths.nextGaussian() - harm * trap;
        proxy[x][y] = scale * (gold[x][y] + error * errors.nextGaussian() + lure * trap);
      }
      base[x] = Softmax.of(logits);
    }
    return new Bandit(base, gold, proxy);
  }
}
