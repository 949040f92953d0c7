package dev.goodhart.verify.code;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rewards a program for passing its tests: the program is taken from the response, run in a
 * sandbox, and judged from outside it.
 *
 * <p>The reward is the share of passed tests by weight, or 1 if all passed and else 0. Its parts
 * are {@code passed} (the share), {@code tests} (how many), {@code seconds} (of processor time),
 * and for each way to fail how many tests failed so. The part {@code self-judged} is there, as 1,
 * when a test asked the program's own objects, whose word it has to take. With {@code each} the
 * part {@code tests} has parts itself: every test by its number from 1, as 1 where it passed.
 *
 * <p>The tests come from the sample's columns, in the layouts that the field's data sets have:
 * HumanEval ({@code entry_point}), MBPP ({@code test_list}), APPS ({@code input_output}),
 * LiveCodeBench ({@code private_test_cases}), verl ({@code ground_truth}) and others; or from a
 * column that is named.
 *
 * <p>Unscored when bubblewrap or the language is not installed, and when a sample's tests are
 * missing or cannot be run. A response without a program is a wrong answer, not an unscored one.
 *
 * @param language of the programs
 * @param score what a program that passes some of its tests is worth
 * @param timeLimit in seconds of processor time for each test; for tests written in Python, for all
 *     of a sample's together
 * @param wallLimit in seconds, for programs that wait; three times the time limit if it is not
 *     given
 * @param memory in MiB
 * @param output on each stream, in MiB
 * @param disk in MiB
 * @param processes and threads at a time
 * @param compare how much white space in an output matters
 * @param tolerance by how much a number with a fraction may differ, absolutely or relative to the
 *     expected one
 * @param each whether to give every test's verdict, for a reward or an advantage that weighs tests;
 *     then none is skipped because another one failed
 * @param tests the column that holds the tests
 * @param interpreter another one than the machine's own: a virtual environment's python, a node, a
 *     g++, a java
 */
@Method(name = "code")
public record Code(
    @Default("python") Language language,
    @Default("all-or-nothing") Score score,
    @Default("5") double timeLimit,
    OptionalDouble wallLimit,
    @Default("512") int memory,
    @Default("4") int output,
    @Default("64") int disk,
    @Default("64") int processes,
    @Default("lines") Comparison compare,
    @Default("1e-6") double tolerance,
    @Default("false") boolean each,
    Optional<String> tests,
    Optional<Path> interpreter)
    implements Signal {

  /** What a program that passes some of its tests is worth. */
  public enum Score {
    /** Nothing. */
    ALL_OR_NOTHING,
    /** The share of the tests that it passes, by weight. */
    FRACTION
  }

  public Code {
    positive("time-limit", timeLimit);
    positive("wall-limit", wallLimit.orElse(1));
    positive("memory", memory);
    positive("output", output);
    positive("disk", disk);
    positive("processes", processes);
    if (memory > 1 << 20 || output > 64 || disk > 1 << 16) {
      throw new IllegalArgumentException(
          "memory, output and disk are in MiB: at most 1048576, 64 and 65536");
    }
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance: expected a number from 0 to below 1, found " + tolerance);
    }
  }

  /** For programs in this language, everything else by default. */
  public static Code of(Language language) {
    return new Code(
        language,
        Score.ALL_OR_NOTHING,
        5,
        OptionalDouble.empty(),
        512,
        4,
        64,
        64,
        Comparison.LINES,
        1e-6,
        false,
        Optional.empty(),
        Optional.empty());
  }

  private static void positive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + ": expected a number above 0, found " + value);
    }
  }

  Limits limits() {
    return new Limits(
        timeLimit,
        wallLimit.orElse(3 * timeLimit),
        (long) memory << 20,
        output << 20,
        (long) disk << 20,
        processes,
        256);
  }

  @Override
  public OpenCode open() {
    return new OpenCode(this, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Reward of(Sample sample) {
    return of(List.of(sample)).getFirst();
  }

  /**
   * Opens the sandboxes for this batch alone; whoever has several batches opens the signal once.
   */
  @Override
  public List<Reward> of(List<Sample> batch) {
    try (OpenCode open = open()) {
      return open.of(batch);
    }
  }
}
