package dev.goodhart.lab.arith;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.Trace;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WorkingTest {
  private static Problem problem(Layout layout, String text, int modulus) {
    Problem problem = Problem.read(layout, text, modulus);
    assertNotNull(problem);
    return problem;
  }

  @Test
  void columnsCarry() {
    // 7+5 = 12, 4+8+1 = 13; 9+1 = 10, 9+0+1 = 10, and the last carry goes in front
    assertEquals("12,13#132", Working.write(problem(Layout.COLUMNS, "47+85=", 0).solution()));
    assertEquals("10,10#100", Working.write(problem(Layout.COLUMNS, "99+1=", 0).solution()));
    // 9+9+9 = 27, 9+9+9+2 = 29
    assertEquals("27,29#297", Working.write(problem(Layout.COLUMNS, "99+99+99=", 0).solution()));
  }

  @Test
  void runningResultsGoFromLeftToRight() {
    assertEquals("12#9", Working.write(problem(Layout.RUNNING, "7+5-3=", 0).solution()));
    assertEquals("-4#-12", Working.write(problem(Layout.RUNNING, "3-7*3=", 0).solution()));
    assertEquals("7#10", Working.write(problem(Layout.RUNNING, "3-7*3=", 11).solution()));
  }

  @Property(tries = 500)
  void columnsAddUp(
      @ForAll @Size(min = 2, max = 9) List<@IntRange(min = 0, max = 999_999) Integer> numbers) {
    int[] operands = numbers.stream().mapToInt(Integer::intValue).toArray();
    char[] plus = "+".repeat(operands.length - 1).toCharArray();
    int[] solution = new Problem(Layout.COLUMNS, operands, plus, 0).solution();
    assertEquals(numbers.stream().mapToInt(Integer::intValue).sum(), solution[solution.length - 1]);
  }

  @Property(tries = 500)
  void whatWasWrittenIsRead(
      @ForAll @Size(min = 1, max = 8)
          List<@IntRange(min = -999_999_999, max = 999_999_999) Integer> values) {
    int[] lines = values.stream().mapToInt(Integer::intValue).toArray();
    String text = Working.write(lines);
    Working working = Working.read(text);
    assertArrayEquals(lines, working.values());
    assertEquals(values.size() - 1, working.steps().size());
  }

  @Property(tries = 500)
  void whatWasAskedIsRead(
      @ForAll @Size(min = 2, max = 9) List<@IntRange(min = 0, max = 999_999) Integer> numbers,
      @ForAll long seed) {
    var random = new java.util.SplittableRandom(seed);
    char[] operators = new char[numbers.size() - 1];
    for (int i = 0; i < operators.length; i++) operators[i] = "+-*".charAt(random.nextInt(3));
    int[] operands = numbers.stream().mapToInt(Integer::intValue).toArray();
    String text = new Problem(Layout.RUNNING, operands, operators, 7).text();
    Problem read = problem(Layout.RUNNING, text, 7);
    assertArrayEquals(operands, read.operands());
    assertArrayEquals(operators, read.operators());
  }

  /** Whatever a policy writes can be read, and steps end where they end. */
  @Property(tries = 2000)
  void everyTextIsRead(@ForAll @Size(max = 30) List<@IntRange(min = 0, max = 15) Integer> drawn) {
    StringBuilder text = new StringBuilder();
    drawn.forEach(i -> text.append("0123456789+-=,#!".charAt(i)));
    Working working = Working.read(text.toString());
    int before = 0;
    for (int end : working.ends()) {
      assertTrue(end > before && end <= text.length());
      before = end;
    }
    assertEquals(working.steps().size(), working.ends().size());
    assertEquals(text.chars().filter(c -> c == '#').count(), working.answers().size());
  }

  @Test
  void stepsEndWithTheirCommaOrTheMark() {
    Working working = Working.read("12,13#132");
    assertEquals(List.of("12", "13"), working.steps());
    assertEquals(List.of(3, 6), working.ends());
    assertEquals("132", working.answer());
  }

  @Test
  void severalAnswersAreNone() {
    assertNull(Working.read("12,13").answer());
    assertNull(Working.read("12#13#14").answer());
    assertEquals(List.of("13", "14"), Working.read("12#13#14").answers());
    assertEquals(List.of("1", ""), Working.read("1#1#").answers());
    assertNull(Working.read("012#3").values());
    assertNull(Working.read("#1" + "0".repeat(5000)).answer());
  }

  @Test
  void doingItOverFindsTheLineThatDoesNotFollow() {
    Problem problem = problem(Layout.COLUMNS, "47+85=", 0);
    assertArrayEquals(new boolean[] {true, true, true}, problem.follows(new int[] {12, 13, 132}));
    // 13 instead of 12 in the text alone: the next line follows all the same (the carry is 1), the
    // answer, 132, does not follow from 13 and 13
    assertArrayEquals(new boolean[] {false, true, false}, problem.follows(new int[] {13, 13, 132}));
    // ... and when it was worked with, it does: 133
    assertArrayEquals(new boolean[] {false, true, true}, problem.follows(new int[] {13, 13, 133}));
    assertArrayEquals(new boolean[] {false, false}, problem.follows(new int[] {12, 132}));
  }

  @Test
  void aFaultInTheLastOperationChangesTheAnswerAlone() {
    Problem problem = problem(Layout.COLUMNS, "47+85=", 0);
    Trace trace = problem.solve((line, result) -> line == 2 ? 182 : result);
    assertEquals("12,13#182", Working.write(trace.values()));
    Trace early = problem.solve((line, result) -> line == 0 ? 22 : result);
    assertEquals("22,14#142", Working.write(early.values())); // carries 2
  }
}
