package dev.goodhart.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.combine.CobbDouglas.Side;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** System 171. */
class MutualWelfareTest {
  private static final String TABLE =
      """
      {"DQ_DA": {"LLM": 4, "user": 3}, "DQ_CQ": {"LLM": 1, "user": 1}, "DQ_AQ": {"LLM": 2, "user": 4},
       "VQ_DA": {"LLM": 3, "user": -2}, "VQ_CQ": {"LLM": 2, "user": 5}, "VQ_AQ": {"LLM": -1, "user": -4}}
      """;

  private static CobbDouglas product(double first, double second) {
    Map<String, Side> sides = new LinkedHashMap<>();
    sides.put("user", new Side(new Part("u"), first));
    sides.put("house", new Side(new Part("l"), second));
    return new CobbDouglas(sides, 1e-4);
  }

  private static Scored scored(Combine combine, Reward u, Reward l) {
    return assertInstanceOf(Scored.class, combine.of(Map.of("u", u, "l", l)));
  }

  @Test
  void equalSharesAreTheGeometricMean() {
    assertEquals(6, scored(product(0.5, 0.5), Reward.of(4), Reward.of(9)).value(), 1e-12);
    assertEquals(4, scored(product(1, 0.5), Reward.of(2), Reward.of(4)).value(), 1e-12);
    // two losses are no gain: either stands at the floor
    assertEquals(1e-4, scored(product(0.5, 0.5), Reward.of(-4), Reward.of(-9)).value(), 1e-16);
    assertEquals(0.01, scored(product(0.5, 0.5), Reward.of(-4), Reward.of(1)).value(), 1e-12);
    assertInstanceOf(
        Unscored.class,
        product(0.5, 0.5).of(Map.of("u", Reward.unscored("no"), "l", Reward.of(1))));
    // 6 sqrt((0.5 * 0.4 / 4)^2 + (0.5 * 1.8 / 9)^2)
    assertEquals(
        6 * Math.hypot(0.05, 0.1),
        scored(product(0.5, 0.5), new Scored(4, 0.4), new Scored(9, 1.8)).deviation().orElseThrow(),
        1e-12);
    assertThrows(IllegalArgumentException.class, () -> new CobbDouglas(Map.of(), 1e-4));
    assertThrows(IllegalArgumentException.class, () -> product(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new CobbDouglas(product(1, 1).sides(), 0));
  }

  /** On a straight frontier r1 = a t, r2 = b (1 - t) the best t is the first one's share. */
  @Property(tries = 100)
  void aStraightTradeOffIsSharedByTheExponents(
      @ForAll @DoubleRange(min = 0.1, max = 0.9) double share,
      @ForAll @DoubleRange(min = 0.2, max = 5) double a,
      @ForAll @DoubleRange(min = 0.2, max = 5) double b) {
    CobbDouglas welfare = product(share, 1 - share);
    double best = scored(welfare, Reward.of(a * share), Reward.of(b * (1 - share))).value();
    for (double t = 0.01; t < 1; t += 0.01) {
      assertTrue(scored(welfare, Reward.of(a * t), Reward.of(b * (1 - t))).value() <= best + 1e-12);
    }
  }

  /** Multiplying one side by a number multiplies R and changes no order. */
  @Property(tries = 100)
  void noUnitMatters(
      @ForAll @DoubleRange(min = 0.01, max = 9) double u,
      @ForAll @DoubleRange(min = 0.01, max = 9) double l,
      @ForAll @DoubleRange(min = 0.1, max = 9) double unit) {
    CobbDouglas welfare = product(0.5, 0.5);
    assertEquals(
        Math.sqrt(unit),
        scored(welfare, Reward.of(unit * u), Reward.of(l)).value()
            / scored(welfare, Reward.of(u), Reward.of(l)).value(),
        1e-9);
  }

  @Test
  void theTwoWelfaresAreThePublishedSums() {
    // a right answer of 260 words, no reasoning: band(260) = sigmoid(1.2)^2 = 0.7685^2
    double band = Math.pow(1 / (1 + Math.exp(-1.2)), 2);
    MutualWelfare welfare = MutualWelfare.of(1, 260, 0, 1, 0.5, 750);
    assertEquals(1e-4 + 0.5 + 0.2 * band + 0.3, welfare.user(), 1e-12);
    double output = Math.pow(1 / (1 + Math.exp(-1.25)), 2);
    assertEquals(1e-4 + 0.2 + 0.1 + 0.4 + 0.2 * output, welfare.assistant(), 1e-12);
    assertEquals(welfare.user() * welfare.assistant(), Math.pow(welfare.welfare(), 2), 1e-12);
    assertEquals(
        welfare.user() - 0.3 * (1 - Math.exp(-1)),
        MutualWelfare.of(1, 260, 500, 1, 0.5, 750).user(),
        1e-12);
    assertEquals(0.59, MutualWelfare.band(260, 20, 500), 0.005);
    assertEquals(0.46, MutualWelfare.band(20, 20, 500), 0.005);
  }

  @Test
  void theGameIsReadAndPlayed() {
    PayoffTable table = PayoffTable.parse(TABLE);
    // VQ_CQ (2, 5) is over DQ_AQ, DQ_CQ and VQ_AQ; (4, 3) over VQ_DA
    assertEquals(List.of("DQ_DA", "VQ_CQ"), table.nonDominated());
    assertEquals("VQ_CQ", table.largestSum()); // both sum to 7: the user's 5 decides
    assertEquals(
        List.of("DQ_DA"), table.largestProduct()); // 12 against 10, and 4 of two losses not
    assertEquals("DQ_DA", table.of("DQ").largestSum());
    // differences everywhere but in DQ_CQ, all by more than a tenth
    assertEquals(10 / 12.0, table.informative(), 1e-15);
  }

  @Test
  void aPriceMovesTheChoice() {
    PayoffTable vague = PayoffTable.parse(TABLE).of("VQ");
    assertEquals("VQ_CQ", vague.largestSum());
    assertEquals("VQ_CQ", vague.priced("CQ", -4).largestSum()); // -2 + 5 against 1
    assertEquals("VQ_DA", vague.priced("CQ", -7).largestSum()); // -5 + 5 against 1
    assertThrows(GoodhartException.class, () -> vague.priced("XX", 1));
  }

  @Test
  void whatIsNoTableIsRefused() {
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            TABLE.replace("\"LLM\": 4", "\"LLM\": \"4\""),
            TABLE.replace("DQ_CQ", "DQ_XX"),
            TABLE.replaceFirst("\\{", "{\"extra\": 1, "),
            "[".repeat(9000),
            " ".repeat(20_000))) {
      assertThrows(GoodhartException.class, () -> PayoffTable.parse(bad), bad);
    }
  }
}
