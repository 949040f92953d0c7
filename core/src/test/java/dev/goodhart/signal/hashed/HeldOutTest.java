package dev.goodhart.signal.hashed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.goodhart.signal.hashed.TrainingSet.Item;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldOutTest {
  /** A response of a length whose reward is the first value of its look. */
  private static Features response(int length, double reward) {
    float[] look = new float[Features.LOOK];
    look[0] = (float) reward;
    return new Features(new int[0], new int[Features.GROUPS], look, length);
  }

  private static HeldOut of(List<Item> items, Features... responses) {
    TrainingSet set =
        new TrainingSet(
            responses,
            new long[] {1, 2, 3, 4},
            new int[] {0, 1, 2, 3},
            new boolean[4],
            items,
            0,
            0);
    return HeldOut.of(set, items, f -> f.look()[0], 1);
  }

  @Test
  void pairsCountedByHand() {
    HeldOut heldOut =
        of(
            List.of(
                new Item(0, 0, 1, 1, 0, 1), // right, and the longer one
                new Item(1, 1, 0, 1, 0, 1), // wrong, and the shorter one
                new Item(2, 2, 3, 0, 0, 1), // the second is better: right, and longer
                new Item(3, 4, 5, 1, 0, 1), // equal rewards: half right; shorter
                new Item(3, 0, 1, 0.5, 0, 1)), // a tie has no right order
            response(9, 2),
            response(3, 1),
            response(4, 0),
            response(7, 3),
            response(2, 5),
            response(6, 5));
    assertEquals(4, heldOut.prompts());
    assertEquals(4, heldOut.comparisons());
    assertEquals(2.5 / 4, heldOut.accuracy().estimate(), 1e-12);
    assertEquals(0.5, heldOut.longer().estimate(), 1e-12);
    assertEquals(0.125, heldOut.difference().estimate(), 1e-12);
    assertEquals(0, heldOut.labels());
    assertFalse(heldOut.auroc().isKnown());
  }

  @Test
  void labelsCountedByHand() {
    HeldOut heldOut =
        of(
            List.of(
                new Item(0, 0, Item.NONE, 1, 0, 1),
                new Item(1, 1, Item.NONE, 0, 0, 1),
                new Item(2, 2, Item.NONE, 1, 0, 1),
                new Item(3, 3, Item.NONE, 0, 0, 1)),
            response(9, 2),
            response(3, 1),
            response(4, 0),
            response(7, -1));
    // good 2 and 0, bad 1 and -1: three of four in order; lengths 9, 4 against 3, 7: also three
    assertEquals(0.75, heldOut.auroc().estimate(), 1e-12);
    assertEquals(0.75, heldOut.longerAuroc().estimate(), 1e-12);
    assertEquals(4, heldOut.labels());
  }
}
