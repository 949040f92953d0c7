package dev.goodhart.verify.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The hand-written suite, decided without the computer algebra system. */
class EqualityTest {
  private static final MathEquality OWN = new MathEquality(MathOptions.DEFAULT, Algebra.NONE);

  record Case(String shape, boolean equal, String reference, String answer) {}

  private static final List<Case> CASES = read();

  static List<Case> cases() {
    return CASES;
  }

  private static List<Case> read() {
    List<Case> cases = new ArrayList<>();
    String shape = "";
    for (String line : Suite.lines("equality.tsv")) {
      if (line.startsWith("# ")) {
        shape = line.substring(2);
      } else {
        String[] parts = line.split("\t", -1);
        cases.add(new Case(shape, parts[0].equals("="), parts[1], parts[2]));
      }
    }
    return cases;
  }

  static Stream<Arguments> shapes() {
    return cases().stream().map(Case::shape).distinct().map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void verdictsOf(String shape) {
    List<String> wrong = new ArrayList<>();
    for (Case c : cases()) {
      if (c.shape().equals(shape)) {
        Verdict verdict = OWN.compare(c.reference(), c.answer());
        boolean right =
            c.equal() ? verdict instanceof Verdict.Equal : verdict instanceof Verdict.Different;
        if (!right) {
          wrong.add(c.reference() + (c.equal() ? " = " : " ≠ ") + c.answer() + ", but " + verdict);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void theSuiteIsLargeAndTwoFifthsOfItAreDifferent() {
    long different = cases().stream().filter(c -> !c.equal()).count();
    assertTrue(cases().size() >= 500, cases().size() + " cases");
    assertTrue(different >= 0.4 * cases().size(), different + " of " + cases().size());
    assertEquals(
        cases().size(),
        cases().stream().map(c -> List.of(c.reference(), c.answer())).distinct().count());
  }

  /** A reference is an answer to itself, except where it does not say enough by itself. */
  @Test
  void everyReferenceAnswersItself() {
    List<String> wrong = new ArrayList<>();
    for (String reference : cases().stream().map(Case::reference).distinct().toList()) {
      if (!OWN.compare(reference, reference).isEqual()) {
        wrong.add(reference);
      }
    }
    assertEquals(List.of(), wrong);
  }
}
