package dev.goodhart.verify.code;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * {@link Code} with its sandboxes: as many as the machine has cores, started when they are needed.
 */
public final class OpenCode implements Signal {
  private static final System.Logger LOG = System.getLogger(OpenCode.class.getName());

  private final Code code;
  private final Workers workers;
  private final @Nullable SandboxPool pool;
  private final @Nullable Checker checker;
  private final String missing;

  OpenCode(Code code, int cores) {
    this.code = code;
    this.workers = Workers.of("code", cores);
    SandboxPool opened = null;
    Checker made = null;
    String problem = "";
    try {
      Toolchain toolchain = Toolchain.of(code.language(), code.interpreter());
      Toolchain python =
          code.language() == Language.PYTHON
              ? toolchain
              : Toolchain.of(Language.PYTHON, java.util.Optional.empty());
      Launch launch = Launch.of(python.run(), Toolchain.folders(List.of(toolchain, python)));
      if (!launch.sandboxed()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "programs run without a sandbox, as --unsafe-no-sandbox asks: they can do all that you"
                + " can");
      }
      launch.command(); // says now if bubblewrap is missing
      opened = new SandboxPool(launch, cores);
      Limits limits = code.limits();
      made =
          new Checker(
              toolchain,
              opened,
              limits,
              new OutputMatch(code.compare(), code.tolerance()),
              new ValueMatch(code.tolerance()),
              code.score() == Code.Score.ALL_OR_NOTHING && !code.each());
    } catch (SandboxException e) {
      problem = String.valueOf(e.getMessage());
    }
    this.pool = opened;
    this.checker = made;
    this.missing = problem;
  }

  @Override
  public Reward of(Sample sample) {
    if (checker == null) {
      return new Unscored(missing);
    }
    try {
      return reward(check(sample));
    } catch (SandboxException | TestsException e) {
      return new Unscored(String.valueOf(e.getMessage()));
    }
  }

  /** All cores at work; in the batch's order. */
  @Override
  public List<Reward> of(List<Sample> batch) {
    return workers.all(batch, this::of);
  }

  /**
   * What became of each test of a sample: for reports, and for who wants to see more than a number.
   *
   * @throws RuntimeException whose message is the reason why the sample is unscored
   */
  public CheckResult check(Sample sample) {
    Checker open = checker;
    if (open == null) {
      throw new SandboxException(missing);
    }
    CodeTests tests = TestColumns.of(sample, code.tests());
    if (tests.size() == 0) {
      throw new TestsException("the sample's list of tests is empty");
    }
    return open.check(tests, CodeBlock.of(sample.response(), code.language()));
  }

  private Reward reward(CheckResult result) {
    Map<String, Reward> parts = new LinkedHashMap<>();
    parts.put("passed", Reward.of(result.share()));
    parts.put("tests", Reward.of(result.tests().size()).withParts(each(result)));
    parts.put("seconds", Reward.of(result.seconds()));
    for (Verdict verdict : Verdict.values()) {
      long count = result.count(verdict);
      if (verdict != Verdict.PASSED && count > 0) {
        parts.put(
            verdict.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
            Reward.of((double) count));
      }
    }
    if (result.selfJudged()) {
      parts.put("self-judged", Reward.of(1));
    }
    double value = code.score() == Code.Score.FRACTION ? result.share() : result.passed() ? 1 : 0;
    return new Scored(value, OptionalDouble.empty(), parts);
  }

  private Map<String, Reward> each(CheckResult result) {
    Map<String, Reward> each = new LinkedHashMap<>();
    for (TestResult test : code.each() ? result.tests() : List.<TestResult>of()) {
      each.put(String.valueOf(test.test() + 1), Reward.of(test.passed() ? 1 : 0));
    }
    return each;
  }

  @Override
  public void close() {
    workers.close();
    if (pool != null) {
      pool.close();
    }
  }
}
