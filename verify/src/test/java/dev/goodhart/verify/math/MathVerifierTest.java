package dev.goodhart.verify.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MathVerifierTest {
  private static double value(MathVerifier verifier, String reference, String response) {
    return assertInstanceOf(Scored.class, verifier.of(Sample.of("", response, reference))).value();
  }

  @Test
  void aSampleWithoutAReferenceIsUnscored() {
    Unscored unscored =
        assertInstanceOf(Unscored.class, new MathVerifier().of(Sample.of("2+2?", "4")));
    assertEquals("no reference", unscored.kind());
    assertInstanceOf(Unscored.class, new MathVerifier().of(Sample.of("2+2?", "4", "  ")));
  }

  @Test
  void aReferenceThatCannotBeReadIsUnscoredUnlessTheAnswerIsTheSameString() {
    Unscored unscored =
        assertInstanceOf(
            Unscored.class, new MathVerifier().of(Sample.of("", "\\boxed{5}", "\\frac{1}{")));
    assertEquals("reference cannot be read", unscored.kind());
    assertEquals(1, value(new MathVerifier(), "\\sqrt[", "\\boxed{\\sqrt[}"));
  }

  @Test
  void aResponseWithoutAnAnswerIsZeroAndItsPartSaysWhy() {
    Scored scored =
        assertInstanceOf(
            Scored.class,
            new MathVerifier()
                .of(Sample.of("", "I cannot say anything about it, sorry, but it is hard", "4")));
    assertEquals(0, scored.value());
    assertEquals(Reward.of(0), scored.parts().get("answered"));
    Scored wrong =
        assertInstanceOf(Scored.class, new MathVerifier().of(Sample.of("", "\\boxed{5}", "4")));
    assertEquals(Reward.of(1), wrong.parts().get("answered"));
  }

  @Test
  void theSpecNamesItMath() {
    RewardSpec spec = RewardSpec.parse("signals: { correct: { math: {} } }", "spec", Path.of("."));
    try (Scorer scorer = new Scorer(spec)) {
      assertEquals(
          1,
          assertInstanceOf(Scored.class, scorer.score(Sample.of("", "$0.5$", "\\frac12"))).value());
    }
  }

  @Test
  void theSpecSetsEveryOption() {
    RewardSpec spec =
        RewardSpec.parse(
            "signals: { m: { math: { extraction: [hashes], tolerance: 0.01, significant-digits: 3,"
                + " strict: false, restated: true, time-limit: 0 } } }",
            "spec",
            Path.of("."));
    assertEquals(
        new MathVerifier(List.of(AnswerSource.HASHES), 0.01, 3, false, true, 0),
        spec.signals().get("m"));
  }

  @Test
  void defaultsInTheSpecAreThoseInTheCode() {
    assertEquals(
        new MathVerifier(),
        RewardSpec.parse("signals: { m: math }", "spec", Path.of(".")).signals().get("m"));
  }

  @Test
  void theToleranceIsRelativeToTheReference() {
    MathVerifier coarse = new MathVerifier(MathAnswer.DEFAULT_ORDER, 0.01, 0, true, false, 0);
    assertEquals(1, value(coarse, "\\pi", "3.14"));
    assertEquals(1, value(coarse, "100", "101"));
    assertEquals(0, value(coarse, "100", "102"));
    MathVerifier exact = new MathVerifier(MathAnswer.DEFAULT_ORDER, 0, 0, true, false, 0);
    assertEquals(0, value(exact, "1/3", "0.3333333333"));
    assertEquals(1, value(exact, "1/4", "0.25"));
  }

  @Test
  void significantDigitsRoundBothSides() {
    MathVerifier three = new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 3, true, false, 0);
    assertEquals(1, value(three, "\\pi", "3.14"));
    assertEquals(1, value(three, "2/3", "0.667"));
    assertEquals(0, value(three, "2/3", "0.66"));
    assertEquals(1, value(three, "12345", "12300"));
  }

  @Test
  void withoutStrictnessNamesBracketsAndOrderDoNotCount() {
    MathVerifier loose = new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 0, false, false, 0);
    MathVerifier strict = new MathVerifier();
    assertEquals(1, value(loose, "x^2+1", "$y^2+1$"));
    assertEquals(0, value(strict, "x^2+1", "$y^2+1$"));
    assertEquals(1, value(loose, "\\{1,2\\}", "$(2,1)$"));
    assertEquals(0, value(strict, "\\{1,2\\}", "$(2,1)$"));
    assertEquals(1, value(loose, "x=5", "y=5"));
    assertEquals(0, value(loose, "x^2+1", "$y^2+2$"));
    assertEquals(0, value(loose, "\\{1,2\\}", "$(1,3)$"));
  }

  @Test
  void anInequalityMayAnswerForAnIntervalWhenThatIsWanted() {
    MathVerifier restated = new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 0, true, true, 0);
    assertEquals(1, value(restated, "(2,\\infty)", "$x>2$"));
    assertEquals(0, value(restated, "(2,\\infty)", "$x\\ge2$"));
    assertEquals(0, value(new MathVerifier(), "(2,\\infty)", "$x>2$"));
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new MathVerifier(List.of(), 1e-6, 0, true, false, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MathVerifier(MathAnswer.DEFAULT_ORDER, -1, 0, true, false, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, -1, true, false, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 0, true, false, -1));
  }

  @Test
  void theSameFromManyThreads() {
    List<Sample> samples =
        List.of(
            Sample.of("", "\\boxed{(x+1)^2}", "x^2+2x+1"),
            Sample.of("", "\\boxed{2}", "\\sqrt{4}"),
            Sample.of("", "\\boxed{3}", "\\sqrt{4}"));
    List<Reward> once = samples.stream().map(new MathVerifier()::of).toList();
    assertTrue(
        java.util.stream.IntStream.range(0, 400)
            .parallel()
            .allMatch(i -> new MathVerifier().of(samples.get(i % 3)).equals(once.get(i % 3))));
  }
}
