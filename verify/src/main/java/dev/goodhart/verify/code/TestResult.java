package dev.goodhart.verify.code;

/**
 * What became of one test.
 *
 * @param test its place among the sample's tests, from 0
 * @param weight how much it counts, relative to the others; at least 0
 * @param seconds of processor time where the test had a process of its own, else of wall time
 * @param detail what went wrong, in a line; empty when nothing did. It may quote the expected
 *     value: keep it from the policy
 */
public record TestResult(int test, Verdict verdict, double weight, double seconds, String detail) {
  boolean passed() {
    return verdict == Verdict.PASSED;
  }
}
