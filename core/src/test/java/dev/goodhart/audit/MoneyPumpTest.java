package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.MoneyPump.Trader;
import dev.goodhart.audit.MoneyPump.Under;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** System 168, its audits. */
class MoneyPumpTest {
  /** 1 is under 0; 2 is beside both. */
  private static final Under ORDER = (option, other) -> option == 1 && other == 0;

  private static Trader undecided(double takes) {
    return (held, offered) -> {
      int now = held[held.length - 1];
      if (ORDER.under(offered, now)) return 0;
      return ORDER.under(now, offered) ? 1 : takes;
    };
  }

  /** With two offers only 0, 2, 1 loses: one of 3 * 2 * 2 chains. */
  @Test
  void theChainThroughWhatIsUndecidedIsFound() {
    assertEquals(1 / 12.0, MoneyPump.of(3, 2, undecided(1), ORDER).losing(), 1e-15);
    assertEquals(1 / 48.0, MoneyPump.of(3, 2, undecided(0.5), ORDER).losing(), 1e-15);
    assertEquals(0, MoneyPump.of(3, 2, undecided(0), ORDER).losing());
    assertEquals(12, MoneyPump.of(3, 2, undecided(0), ORDER).chains());
    Trader remembering = MoneyPump.remembering(undecided(1), ORDER);
    assertEquals(0, MoneyPump.of(3, 5, remembering, ORDER).losing());
    assertThrows(IllegalArgumentException.class, () -> MoneyPump.of(100, 5, undecided(1), ORDER));
    assertThrows(IllegalArgumentException.class, () -> MoneyPump.of(1, 1, undecided(1), ORDER));
  }

  /** In two dimensions under is being lower in both: transitive, and incomplete. */
  @Property(tries = 30)
  void whoRemembersIsNeverPumpedWhateverHeDoesAboutTies(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    double[] x = random.doubles(5).toArray();
    double[] y = random.doubles(5).toArray();
    double takes = random.nextDouble();
    Under order = (a, b) -> x[a] < x[b] && y[a] < y[b];
    Trader trader =
        (held, offered) -> {
          int now = held[held.length - 1];
          return order.under(offered, now) ? 0 : order.under(now, offered) ? 1 : takes;
        };
    assertEquals(0, MoneyPump.of(5, 4, MoneyPump.remembering(trader, order), order).losing());
    Under complete = (a, b) -> x[a] < x[b];
    Trader scalar = (held, offered) -> complete.under(held[held.length - 1], offered) ? 1 : 0;
    assertEquals(0, MoneyPump.of(5, 4, scalar, complete).losing());
  }

  /** Two items, each asked four times: yes 3 and 1 of 4 in one frame, 1 and 1 in the other. */
  @Test
  void reversalsAreNoiseOrTheFrames() {
    Reframing reframing = Reframing.of(new int[] {3, 1}, new int[] {1, 1}, 4);
    // p (1 - p) is 3/16, without bias 1/4, each time
    assertEquals(0.5, reframing.within(), 1e-15);
    // 3/4 3/4 + 1/4 1/4 = 10/16 and 2 * 3/16 = 6/16
    assertEquals(0.5, reframing.across(), 1e-15);
    assertEquals(0, reframing.effect(), 1e-15);
    assertEquals(0.25, reframing.shift(), 1e-15);
    assertThrows(
        IllegalArgumentException.class, () -> Reframing.of(new int[] {1}, new int[] {1}, 1));
  }

  @Test
  void theFramesEffectIsEstimatedWithoutBias() {
    var random = new SplittableRandom(3);
    int items = 20_000;
    int[] first = new int[items];
    int[] second = new int[items];
    for (int i = 0; i < items; i++) {
      for (int k = 0; k < 3; k++) {
        first[i] += random.nextDouble() < 0.7 ? 1 : 0;
        second[i] += random.nextDouble() < (i % 2 == 0 ? 0.4 : 0.8) ? 1 : 0;
      }
    }
    Reframing reframing = Reframing.of(first, second, 3);
    assertEquals((0.09 + 0.01) / 2, reframing.effect(), 0.006);
    assertEquals(0.1, reframing.shift(), 0.006);
    // 0.21 + 0.24 and 0.21 + 0.16
    assertEquals(0.41, reframing.within(), 0.006);
    Reframing same = Reframing.of(first, first.clone(), 3);
    assertTrue(same.effect() < 0, "the same answers twice are no independent frame");
  }
}
