package dev.goodhart.verify.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tests of one task, in the forms that the field writes them in. */
sealed interface CodeTests {
  /** How many there are, as far as it is known before they run. */
  int size();

  /** A program that reads its standard input and writes its standard output. */
  record Streams(List<Stream> cases) implements CodeTests {
    /**
     * @param input what it reads
     * @param output what it should write
     */
    record Stream(String input, String output, double weight) {}

    @Override
    public int size() {
      return cases.size();
    }
  }

  /**
   * A function's arguments and results, as JSON.
   *
   * @param function its name; with a class Solution, that class's method
   */
  record Calls(String function, List<Call> cases) implements CodeTests {
    /**
     * @param arguments by position
     * @param results of which one is the right one: some data wrap a result in a list and some do
     *     not
     */
    record Call(List<?> arguments, List<?> results, double weight) {}

    @Override
    public int size() {
      return cases.size();
    }
  }

  /**
   * Tests in Python that call the candidate's functions.
   *
   * @param prelude what the task itself defines: its prompt
   * @param setup what runs before the tests and may use the candidate's names
   * @param sources assert statements each, or one source with {@code check(candidate)}, unit tests
   *     or test functions
   * @param entry the function under test, where the data name it
   * @param prompt what a response without the function's head continues; empty when it stands alone
   */
  record Asserts(
      List<String> prelude,
      List<String> setup,
      List<String> sources,
      @Nullable String entry,
      String prompt)
      implements CodeTests {
    @Override
    public int size() {
      return sources.size();
    }
  }
}
