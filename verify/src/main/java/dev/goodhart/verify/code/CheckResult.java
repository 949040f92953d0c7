package dev.goodhart.verify.code;

import java.util.List;

/**
 * What became of a program: a verdict for each of its tests.
 *
 * @param tests in the order of the sample's tests
 * @param selfJudged whether a test asked the program's own objects (a test of a class does); what
 *     they say of themselves is the program's word
 */
public record CheckResult(List<TestResult> tests, boolean selfJudged) {
  public CheckResult {
    tests = List.copyOf(tests);
  }

  /** The weighted share of passed tests, in [0, 1]. */
  public double share() {
    double all = tests.stream().mapToDouble(TestResult::weight).sum();
    double passed = tests.stream().filter(TestResult::passed).mapToDouble(TestResult::weight).sum();
    return all > 0 ? passed / all : 0;
  }

  public boolean passed() {
    return !tests.isEmpty() && tests.stream().allMatch(TestResult::passed);
  }

  public long count(Verdict verdict) {
    return tests.stream().filter(t -> t.verdict() == verdict).count();
  }

  public double seconds() {
    return tests.stream().mapToDouble(TestResult::seconds).sum();
  }
}
