package dev.goodhart.verify.code;

import java.util.Map;
import java.util.Optional;

/**
 * What became of a program that was run as it is.
 *
 * @param compiled how its compiler ended, where its language has one
 * @param ran how it ended itself; empty when it did not compile
 * @param files what was fetched, by path
 */
public record RunResult(Optional<End> compiled, Optional<End> ran, Map<String, byte[]> files) {
  /**
   * @param verdict {@link Verdict#PASSED} for an exit status of 0, or the limit that it met
   * @param exit its status; minus the signal's number when a signal ended it
   * @param stdout as UTF-8, what is none replaced; what it wrote until it was stopped
   * @param stderr the first 16 KiB
   * @param seconds by the wall
   * @param detail which limit it met, in a line; else empty
   */
  public record End(
      Verdict verdict, int exit, String stdout, String stderr, double seconds, String detail) {
    End ofCompiler() {
      return verdict == Verdict.CRASHED
          ? new End(Verdict.COMPILE_ERROR, exit, stdout, stderr, seconds, detail)
          : this;
    }
  }
}
