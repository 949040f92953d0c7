package dev.goodhart.audit;

import java.util.Arrays;

/**
 * Whether swap offers can lead an agent from what it holds to something that is worse by its own
 * lights: every chain of so many offers is played out, from every first holding, and those are
 * counted that end with an option which is under one that was held before.
 *
 * <p>Incomplete preferences alone are not exploitable: an agent that refuses what an earlier
 * holding is over ({@link #remembering}) never ends there, whatever it does about undecided swaps.
 * One that never makes an undecided swap does not either, nor one with a single utility.
 *
 * @param losing the share of chains that end so, every offer being equally likely any option other
 *     than the held one
 * @param chains how many there are
 */
public record MoneyPump(double losing, long chains) {
  private static final long MOST = 100_000_000;

  /** Somebody who is offered swaps. */
  @FunctionalInterface
  public interface Trader {
    /**
     * The probability of giving up what is held for what is offered.
     *
     * @param held the options held so far, in order; the last is the present one
     */
    double accepts(int[] held, int offered);
  }

  /** Whether an option is worse than another beyond doubt. */
  @FunctionalInterface
  public interface Under {
    boolean under(int option, int other);
  }

  /** The same trader, but refusing what is under anything that was held. */
  public static Trader remembering(Trader trader, Under order) {
    return (held, offered) -> {
      for (int earlier : held) {
        if (order.under(offered, earlier)) return 0;
      }
      return trader.accepts(held, offered);
    };
  }

  /**
   * @param options how many there are, at least 2
   * @param offers of a chain, at least 1
   * @throws IllegalArgumentException if there are more than a hundred million chains
   */
  public static MoneyPump of(int options, int offers, Trader trader, Under order) {
    if (options < 2 || offers < 1) {
      throw new IllegalArgumentException(
          "expected at least 2 options and an offer, not " + options + " and " + offers);
    }
    double chains = options * Math.pow(options - 1, offers);
    if (chains > MOST) {
      throw new IllegalArgumentException(
          "%.0f chains are too many; offer fewer options or swaps".formatted(chains));
    }
    double losing = 0;
    for (int first = 0; first < options; first++) {
      losing += play(options, offers, new int[] {first}, trader, order);
    }
    return new MoneyPump(losing / options, (long) chains);
  }

  private static double play(int options, int left, int[] held, Trader trader, Under order) {
    int now = held[held.length - 1];
    if (left == 0) {
      for (int earlier : held) {
        if (order.under(now, earlier)) return 1;
      }
      return 0;
    }
    double sum = 0;
    double refused = 0;
    for (int offered = 0; offered < options; offered++) {
      if (offered == now) continue;
      double p = trader.accepts(held, offered);
      refused += 1 - p;
      if (p > 0) {
        int[] then = Arrays.copyOf(held, held.length + 1);
        then[held.length] = offered;
        sum += p * play(options, left - 1, then, trader, order);
      }
    }
    // whoever refuses holds the same, whichever offer it was
    if (refused > 0) sum += refused * play(options, left - 1, held, trader, order);
    return sum / (options - 1);
  }
}
