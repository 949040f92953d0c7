package dev.goodhart.serve.protocol;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.goodhart.verify.code.SandboxException;
import dev.goodhart.verify.code.Sandboxes;

/** The condition of tests that run programs. */
final class SandboxesHere {
  private SandboxesHere() {}

  /** Skips the test where no sandbox is installed; in continuous integration that is a failure. */
  static void need() {
    try (var sandboxes = new Sandboxes(1)) {
      if (!sandboxes.areSandboxed()) abort("run without a sandbox");
    } catch (SandboxException e) {
      if ("true".equals(System.getenv("CI"))) fail(e.getMessage());
      abort(e.getMessage());
    }
  }
}
