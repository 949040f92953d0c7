package dev.goodhart.verify.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import dev.goodhart.verify.text.Within;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Boxes and points. */
class PlacesTest {
  private static final Optional<String> TRUTH = Optional.of("truth");

  private static Sample sample(String response, Object truth) {
    return new Sample("", Prompt.NONE, response, null, Map.of("truth", truth));
  }

  private static double value(Signal signal, String response, Object truth) {
    Reward reward = signal.of(sample(response, truth));
    return assertInstanceOf(Scored.class, reward, reward.toString()).value();
  }

  private static Iou iou(BoxFormat format) {
    return new Iou(format, OptionalDouble.empty(), Within.RESPONSE, TRUTH);
  }

  private static final Giou GIOU =
      new Giou(BoxFormat.XYXY, OptionalDouble.empty(), Within.RESPONSE, TRUTH);

  private static BoxesF1 f1(double threshold, boolean labels) {
    return new BoxesF1(threshold, BoxFormat.XYXY, labels, Within.RESPONSE, TRUTH);
  }

  private static final PointInBox POINT = new PointInBox(BoxFormat.XYXY, Within.RESPONSE, TRUTH);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // 2×2 against 2×2, one cell in common: 1 of 7; around both 9 cells, two of them empty
        "[1, 1, 3, 3] | 0.142857142857142857 | -0.079365079365079365",
        "[0, 0, 2, 2] | 1 | 1",
        "(0,0),(2,2) | 1 | 1",
        "<box>(0.0, 0.0), (2.0, 2.0)</box> | 1 | 1",
        "{\"bbox_2d\": [0, 0, 2, 2], \"label\": \"cat\"} | 1 | 1",
        "first [5, 5, 6, 6], no: [0, 0, 2, 1] | 0.5 | 0.5",
        // Apart: 4 + 4 of the 12 cells around both
        "[4, 0, 6, 2] | 0 | -0.333333333333333333",
        "[2, 0, 4, 2] | 0 | 0",
        "[2, 2, 0, 0] | 0 | -1",
        "[1, 1, 1, 1] | 0 | -1",
        "[1, 2, 3] | 0 | -1",
        "[1, 2, 3, 4, 5] | 0 | -1",
        "nothing | 0 | -1",
      })
  void iouAndGiouByHand(String response, double iou, double giou) {
    List<Integer> truth = List.of(0, 0, 2, 2);
    assertEquals(iou, value(iou(BoxFormat.XYXY), response, truth), 1e-12);
    assertEquals(giou, value(GIOU, response, truth), 1e-12);
  }

  @Test
  void formatsSayTheSameBox() {
    assertEquals(1, value(iou(BoxFormat.XYWH), "[1, 1, 2, 3]", "[1, 1, 2, 3]"));
    Box corners = BoxFormat.XYXY.box(1, 1, 3, 4, "");
    assertEquals(corners, BoxFormat.XYWH.box(1, 1, 2, 3, ""));
    assertEquals(corners, BoxFormat.CXCYWH.box(2, 2.5, 2, 3, ""));
  }

  @Test
  void severalReferencesAndAThreshold() {
    Object two = List.of(List.of(9, 9, 10, 10), List.of(0, 0, 2, 2));
    assertEquals(0.5, value(iou(BoxFormat.XYXY), "[0, 0, 2, 1]", two));
    Iou half = new Iou(BoxFormat.XYXY, OptionalDouble.of(0.5), Within.RESPONSE, Optional.empty());
    Sample sample = Sample.of("p", "[0, 0, 2, 1]", "[0, 0, 2, 2]");
    assertEquals(1, ((Scored) half.of(sample)).value());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Iou(BoxFormat.XYXY, OptionalDouble.of(2), Within.RESPONSE, TRUTH));
  }

  @Test
  void withoutATrueBoxThereIsNoVerdict() {
    for (Signal signal : List.of(iou(BoxFormat.XYXY), GIOU, f1(0.5, false), POINT)) {
      for (Object truth : List.of("none", List.of(), List.of(1, 1, 1, 1), List.of(3, 3, 1, 1))) {
        Reward reward = signal.of(sample("[0, 0, 1, 1]", truth));
        assertTrue(reward instanceof Unscored u && u.kind().equals("no reference"));
      }
      assertInstanceOf(Unscored.class, signal.of(Sample.of("p", "[0, 0, 1, 1]")));
    }
  }

  @Test
  void boxesAreMatchedAsManyAsCanBe() {
    // A fits 1 and 2, B fits 1 only: taking 1 for A first would leave B alone.
    List<List<Integer>> truth = List.of(List.of(0, 0, 10, 10), List.of(0, 0, 10, 14));
    Scored scored = (Scored) f1(0.6, false).of(sample("[[0, 0, 10, 12], [0, 0, 10, 7]]", truth));
    assertEquals(1, scored.value());
    assertEquals(Reward.of(2), scored.parts().get("matched"));
    assertEquals(2.0 / 3, value(f1(0.5, false), "[0, 0, 10, 10]", truth), 1e-12);
    assertEquals(0.5, value(f1(0.9, false), "[0, 0, 10, 10] [0, 0, 10, 10]", truth), 1e-12);
    assertEquals(0, value(f1(0.5, false), "", truth));
  }

  @Test
  void labelsMayMatter() {
    String truth =
        "[{\"bbox\": [0, 0, 2, 2], \"label\": \"cat\"}, {\"label\": \"dog\", \"bbox\": [5, 5, 7,"
            + " 7]}]";
    String swapped =
        "```json\n[{\"bbox_2d\": [0, 0, 2, 2], \"label\": \"dog\"},"
            + " {\"bbox_2d\": [5, 5, 7, 7], \"label\": \"Dog\"}]\n```";
    assertEquals(1, value(f1(0.5, false), swapped, truth));
    assertEquals(0.5, value(f1(0.5, true), swapped, truth));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "click at (1, 1) | 1",
        "(9, 9), or rather [2, 2] | 1",
        "(1, 1) or (2.1, 1) | 0",
        "<point x=\"1.0\" y=\"0.5\" alt=\"a\">a</point> | 1",
        "{\"point_2d\": [0, 0]} | 1",
        "[0, 0, 3, 3] | 1",
        "(0,0),(9,9) | 0",
        "nowhere | 0",
      })
  void aPointLiesInABoxOrNot(String response, double expected) {
    assertEquals(expected, value(POINT, response, List.of(0, 0, 2, 2)));
  }

  @Property(tries = 300)
  void boxesAreComparedAlikeFromBothSides(@ForAll("boxes") Box a, @ForAll("boxes") Box b) {
    assertEquals(a.iou(b), b.iou(a), 1e-12);
    assertEquals(a.giou(b), b.giou(a), 1e-12);
    assertTrue(a.iou(b) >= 0 && a.iou(b) <= 1);
    assertTrue(a.giou(b) > -1 && a.giou(b) <= a.iou(b) + 1e-12);
    assertEquals(1, a.iou(a), 1e-12);
    assertEquals(1, a.giou(a), 1e-12);
    // Counted cell by cell.
    int common = 0;
    int union = 0;
    for (int x = 0; x < 20; x++) {
      for (int y = 0; y < 20; y++) {
        boolean inA = a.contains(x + 0.5, y + 0.5);
        boolean inB = b.contains(x + 0.5, y + 0.5);
        common += inA && inB ? 1 : 0;
        union += inA || inB ? 1 : 0;
      }
    }
    assertEquals((double) common / union, a.iou(b), 1e-12);
  }

  @Property(tries = 200)
  void theOrderOfBoxesDoesNotMatter(
      @ForAll("someBoxes") List<Box> given, @ForAll("someBoxes") List<Box> truth) {
    String there = text(given);
    double f1 = value(f1(0.3, false), there, text(truth));
    assertEquals(f1, value(f1(0.3, false), text(given.reversed()), text(truth.reversed())), 1e-12);
    assertEquals(f1, value(f1(0.3, false), text(truth), there), 1e-12);
    assertEquals(1, value(f1(0.3, false), there, there), 1e-12);
  }

  private static String text(List<Box> boxes) {
    return boxes.stream()
        .map(b -> List.of(b.left(), b.top(), b.right(), b.bottom()))
        .toList()
        .toString();
  }

  @Provide
  Arbitrary<Box> boxes() {
    Arbitrary<Integer> place = Arbitraries.integers().between(0, 9);
    Arbitrary<Integer> size = Arbitraries.integers().between(1, 10);
    return Combinators.combine(place, place, size, size)
        .as((x, y, w, h) -> new Box(x, y, x + w, y + h, ""));
  }

  @Provide
  Arbitrary<List<Box>> someBoxes() {
    return boxes().list().ofMinSize(1).ofMaxSize(6);
  }

  @Test
  void aMegabyteOfBoxesTakesSeconds() {
    List<String> texts =
        List.of(
            "[0,0,2,2],".repeat(100_000),
            "[".repeat(1_000_000),
            "[1,".repeat(330_000),
            "(1 ".repeat(330_000),
            "9".repeat(1_000_000));
    assertTimeoutPreemptively(
        Duration.ofSeconds(12),
        () -> {
          for (Signal signal : List.of(iou(BoxFormat.XYXY), f1(0.5, true), POINT)) {
            texts.forEach(text -> signal.of(sample(text, "[0, 0, 2, 2] [1, 1, 3, 3]")));
          }
        });
    // 100,000 given, one right
    assertEquals(2.0 / 100_001, value(f1(0.5, false), texts.getFirst(), "[0, 0, 2, 2]"), 1e-12);
  }
}
