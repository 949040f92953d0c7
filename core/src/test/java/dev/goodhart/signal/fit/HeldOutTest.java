package dev.goodhart.signal.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldOutTest {
  private record Response(int length, double reward) {}

  private static Response response(int length, double reward) {
    return new Response(length, reward);
  }

  private static HeldOut of(List<Judgement> items, Response... responses) {
    double[] rewards = Arrays.stream(responses).mapToDouble(Response::reward).toArray();
    int[] lengths = Arrays.stream(responses).mapToInt(Response::length).toArray();
    return HeldOut.of(items, rewards, lengths, 1);
  }

  @Test
  void pairsCountedByHand() {
    HeldOut heldOut =
        of(
            List.of(
                new Judgement(0, 0, 1, 1, 0, 1), // right, and the longer one
                new Judgement(1, 1, 0, 1, 0, 1), // wrong, and the shorter one
                new Judgement(2, 2, 3, 0, 0, 1), // the second is better: right, and longer
                new Judgement(3, 4, 5, 1, 0, 1), // equal rewards: half right; shorter
                new Judgement(3, 0, 1, 0.5, 0, 1)), // a tie has no right order
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
                new Judgement(0, 0, Judgement.NONE, 1, 0, 1),
                new Judgement(1, 1, Judgement.NONE, 0, 0, 1),
                new Judgement(2, 2, Judgement.NONE, 1, 0, 1),
                new Judgement(3, 3, Judgement.NONE, 0, 0, 1)),
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
