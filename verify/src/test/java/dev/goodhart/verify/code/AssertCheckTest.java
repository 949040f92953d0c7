package dev.goodhart.verify.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tests in Python, run beside the candidate instead of inside it: what must work as if they ran
 * together.
 */
class AssertCheckTest {
  @BeforeAll
  static void sandbox() {
    Sandboxed.need(Language.PYTHON);
  }

  private static CheckResult check(Map<String, Object> columns, String code) {
    return Sandboxed.small(Language.PYTHON, Code.Score.FRACTION)
        .check(new Sample("", Prompt.NONE, code, null, columns));
  }

  private static CheckResult asserts(String code, String... asserts) {
    return check(Map.of("test_list", List.of(asserts)), code);
  }

  private static List<Verdict> verdicts(CheckResult result) {
    return result.tests().stream().map(TestResult::verdict).toList();
  }

  private static void passes(String code, String... asserts) {
    CheckResult result = asserts(code, asserts);
    assertTrue(result.passed(), result.toString());
  }

  @Test
  void everyPlainValueComesBackAsItIs() {
    String identity = "def same(x): return x";
    passes(
        identity,
        "assert same((1, [2, {3}])) == (1, [2, {3}]) and type(same((1,))) is tuple",
        "assert same(2 ** 5000) == 2 ** 5000 and same(-2 ** 70) == -2 ** 70 and same(True) is True"
            + " and same(1) is not True",
        "assert same(0.1 + 0.2) == 0.1 + 0.2 and same(float('-inf')) == float('-inf') and"
            + " same(float('nan')) != same(float('nan'))",
        "assert same({1: 'a', (2, 3): None, 'k': b'\\x00\\xff'}) == {1: 'a', (2, 3): None, 'k':"
            + " b'\\x00\\xff'}",
        "assert same(frozenset([1])) == frozenset([1]) and same(1 + 2j) == 1 + 2j and"
            + " same(range(3)) == range(3)",
        "assert same('\\ud800 \\0 \\u00e9') == '\\ud800 \\0 \\u00e9' and same(bytearray(b'x')) =="
            + " bytearray(b'x')",
        "from decimal import Decimal\n"
            + "from fractions import Fraction\n"
            + "assert same(Decimal('1.10')) == Decimal('1.1') and same(Fraction(1, 3)) =="
            + " Fraction(1, 3)",
        "from collections import Counter, deque, OrderedDict\n"
            + "assert same(Counter('aab'))['a'] == 2 and same(deque([1])) == deque([1]) and"
            + " list(same(OrderedDict(b=1, a=2))) == ['b', 'a']",
        "import datetime as d\n"
            + "assert same(d.date(2020, 1, 2)) == d.date(2020, 1, 2) and same(d.timedelta(1, 2, 3))"
            + " == d.timedelta(1, 2, 3)");
  }

  @Test
  void oneFailedAssertDoesNotHideTheOthers() {
    assertEquals(
        List.of(Verdict.PASSED, Verdict.WRONG, Verdict.PASSED),
        verdicts(
            asserts(
                "def f(x): return x", "assert f(1) == 1", "assert f(2) == 3", "assert f(3) == 3")));
  }

  @Test
  void checkFunctionIsCountedByItsAsserts() {
    String test =
        """
        def check(candidate):
            assert True, "never counts"
            assert candidate(1) == 1
            for i in range(3):
                assert candidate(i) == i
            if True:
                assert candidate(5) == 6
            assert candidate(7) == 7
        """;
    CheckResult result =
        check(Map.of("test", test, "entry_point", "f", "prompt", "def f(x):\n"), "    return x\n");
    assertEquals(
        List.of(Verdict.PASSED, Verdict.PASSED, Verdict.WRONG, Verdict.PASSED), verdicts(result));
    assertEquals(0.75, result.share());
  }

  @Test
  void iteratorsViewsAndNamedTuplesCompareAsTheyDo() {
    passes(
        """
        from collections import namedtuple
        P = namedtuple("P", "x y")
        def numbers(n):
            for i in range(n): yield i
        def point(): return P(1, 2)
        def keys(): return {"a": 1}.keys()
        def doubled(xs): return map(lambda x: 2 * x, xs)
        """,
        "assert list(numbers(3)) == [0, 1, 2] and next(numbers(1)) == 0 and numbers(1) != [0]",
        "assert point() == (1, 2)",
        "assert keys() == {'a'} and list(doubled([1, 2])) == [2, 4]");
  }

  @Test
  void functionsArePassedInAndOut() {
    passes(
        """
        def apply(f, xs): return [f(x) for x in xs]
        def adder(n): return lambda x: x + n
        def compose(f, g): return lambda x: f(g(x))
        """,
        "assert apply(lambda x: x * x, [1, 2, 3]) == [1, 4, 9] and apply(str, [1]) == ['1']",
        "assert adder(3)(4) == 7",
        "assert compose(adder(1), adder(2))(10) == 13",
        "def k(p): return -p[0]\nassert apply(k, [(1, 2)]) == [-1]");
  }

  @Test
  void whatAFunctionDoesToItsArgumentsIsSeen() {
    passes(
        "def sort(xs): xs.sort()\ndef put(d, k): d[k] = 1\ndef grow(s): s.add(9)",
        "xs = [3, 1, 2]\nsort(xs)\nassert xs == [1, 2, 3]",
        "d = {}\nput(d, 'a')\nassert d == {'a': 1}",
        "s = {1}\ngrow(s)\nassert s == {1, 9}");
  }

  @Test
  void exceptionsAreTheSameClassesOnBothSides() {
    passes(
        """
        class TooSmall(ValueError): pass
        def f(x):
            if x < 0: raise TooSmall("no", x)
            return {}[x]
        """,
        "try:\n"
            + "    f(-1)\n"
            + "    assert False\n"
            + "except ValueError as e:\n"
            + "    assert e.args == ('no', -1)",
        "try:\n    f(-1)\n    assert False\nexcept TooSmall:\n    pass",
        "try:\n    f(1)\n    assert False\nexcept KeyError:\n    pass");
  }

  @Test
  void classesOfTheCandidateWorkAndAreFlagged() {
    String code =
        """
        class Stack:
            limit = 3
            def __init__(self, *xs): self.xs = list(xs)
            def push(self, x):
                self.xs.append(x)
                return self
            def pop(self): return self.xs.pop()
            def __len__(self): return len(self.xs)
            def __iter__(self): return iter(self.xs)
            def __eq__(self, other): return isinstance(other, Stack) and self.xs == other.xs
            def __hash__(self): return 0
            def __repr__(self): return "Stack%r" % (self.xs,)
            @staticmethod
            def of(xs): return Stack(*xs)
        def total(s): return sum(s.xs)
        """;
    CheckResult result =
        asserts(
            code,
            "s = Stack(1, 2)\n"
                + "s.push(3)\n"
                + "assert s.pop() == 3 and len(s) == 2 and list(s) == [1, 2] and 2 in s",
            "assert Stack(1) == Stack(1) and Stack(1) != Stack(2) and Stack(1) != [1]",
            "assert total(Stack(4, 5)) == 9 and repr(Stack(1)) == 'Stack[1]' and Stack.limit == 3",
            "assert isinstance(Stack(), Stack) and Stack.of([7]).push(8).xs == [7, 8]",
            "s = Stack()\ns.xs = [5]\nassert s.pop() == 5");
    assertTrue(result.passed(), result.toString());
    assertTrue(result.selfJudged());
    assertFalse(asserts("def f(): return 1", "assert f() == 1").selfJudged());
  }

  @Test
  void setUpCodeMayUseTheCandidatesClasses() {
    Map<String, Object> columns =
        Map.of(
            "test_list",
            List.of("assert height(root) == 2"),
            "test_setup_code",
            "root = Node(1)\nroot.left = Node(2)");
    assertTrue(
        check(
                columns,
                """
                class Node:
                    def __init__(self, v): self.v, self.left, self.right = v, None, None
                def height(n): return 0 if n is None else 1 + max(height(n.left), height(n.right))
                """)
            .passed());
  }

  @Test
  void objectsOfTheTasksOwnClassesTravelByValue() {
    String prompt =
        """
        class ListNode:
            def __init__(self, val=0, next=None):
                self.val, self.next = val, next
        def of(xs):
            head = None
            for x in reversed(xs): head = ListNode(x, head)
            return head
        def values(n):
            xs = []
            while n: xs.append(n.val); n = n.next
            return xs
        class Solution:
            def reverse(self, head):
        """;
    String test =
        "def check(candidate):\n"
            + "    assert values(candidate(head=of(range(3000)))) == list(range(3000))[::-1]\n"
            + "    assert candidate(None) is None\n";
    String code =
        """
        class Solution:
            def reverse(self, head):
                before = None
                while head:
                    head.next, before, head = before, head, head.next
                return before
        """;
    Map<String, Object> columns =
        Map.of("test", test, "entry_point", "Solution().reverse", "prompt", prompt);
    CheckResult result = check(columns, "```python\n" + code + "```");
    assertTrue(result.passed(), result.toString());
    assertFalse(result.selfJudged());
  }

  @Test
  void theResponseMayContinueThePromptOrStandAlone() {
    Map<String, Object> columns =
        Map.of(
            "test", "def check(candidate):\n    assert candidate([3, 1]) == [1, 3]\n",
            "entry_point", "ordered",
            "prompt",
                "from typing import List\n\n"
                    + "def helper(xs):\n"
                    + "    return sorted(xs)\n\n"
                    + "def ordered(xs: List[int]) -> List[int]:\n"
                    + "    \"\"\"Sorts.\"\"\"\n");
    for (String response :
        List.of(
            "    return helper(xs)\n",
            "return helper(xs)",
            "\n    return helper(xs)",
            "Here it is:\n"
                + "```python\n"
                + "def ordered(xs: List[int]) -> List[int]:\n"
                + "    return helper(xs)\n"
                + "```\n"
                + "Done.",
            "```python\n    return helper(xs)\n```")) {
      assertTrue(check(columns, response).passed(), response);
    }
  }

  @Test
  void unitTestsAndTestFunctionsAreCountedOneByOne() {
    String unit =
        """
        import unittest
        from solution import half
        class Tests(unittest.TestCase):
            def setUp(self): self.two = 2
            def test_a(self): self.assertEqual(half(self.two), 1)
            def test_b(self): self.assertEqual(half(3), 2)
            def test_c(self):
                with self.assertRaises(TypeError): half('x')
        if __name__ == '__main__':
            unittest.main()
        """;
    String functions =
        "from solution import half\n"
            + "def test_a():\n"
            + "    assert half(2) == 1\n"
            + "def test_b():\n"
            + "    assert half(3) == 2\n";
    String code = "def half(x):\n    return x / 2\n";
    assertEquals(
        List.of(Verdict.PASSED, Verdict.WRONG, Verdict.PASSED),
        verdicts(check(Map.of("test", unit), code)));
    assertEquals(
        List.of(Verdict.PASSED, Verdict.WRONG), verdicts(check(Map.of("test", functions), code)));
    assertEquals(
        List.of(Verdict.WRONG),
        verdicts(check(Map.of("test", "from solution import half\nassert half(2) == 1"), "x = 1")));
  }

  @Test
  void modulesThatTheTestLeavesToTheProgramAreTheRealOnes() {
    passes("import math\ndef root(x): return math.sqrt(x)", "assert math.isclose(root(2) ** 2, 2)");
    CheckResult result =
        asserts(
            "class math:\n    isclose = lambda *a: True\ndef root(x): return 0",
            "assert math.isclose(root(2) ** 2, 2)");
    assertEquals(List.of(Verdict.WRONG), verdicts(result));
  }

  @Test
  void importingEverythingBringsNoBuiltins() {
    Map<String, Object> columns =
        Map.of("test", "from solution import *\nassert abs(f(-1)) == 1\nassert f(2) == 2");
    assertEquals(
        List.of(Verdict.WRONG, Verdict.PASSED),
        verdicts(check(columns, "def abs(x): return 1\ndef f(x): return 2")));
  }

  @Test
  void aFunctionNamedLikeABuiltinIsTested() {
    passes("def sum(a, b): return a + b + 1", "assert sum(1, 2) == 4", "assert sum(0, 0) == 1");
  }

  @Test
  void testsThatCannotRunOutsideTheCandidateAreUnscoredNotWrong() {
    for (String test :
        List.of(
            "class Own: pass\nassert f(Own()) == 1",
            "assert eval(f('1 + 1')) == 2",
            "import a_module_that_nobody_has\nassert f(1) == 1",
            "assert f(1) ==")) {
      TestsException e =
          assertThrows(TestsException.class, () -> asserts("def f(x): return x", test), test);
      assertTrue(e.getMessage().startsWith("tests: "), e.getMessage());
    }
  }

  @Test
  void aCandidateThatCannotBeImportedSaysWhy() {
    TestResult syntax = asserts("def f(x) return x", "assert f(1) == 1").tests().getFirst();
    assertEquals(Verdict.COMPILE_ERROR, syntax.verdict());
    assertTrue(syntax.detail().startsWith("SyntaxError"), syntax.detail());
    TestResult crash = asserts("import nothing_of_the_kind", "assert f(1) == 1").tests().getFirst();
    assertEquals(Verdict.CRASHED, crash.verdict());
    assertTrue(crash.detail().startsWith("ModuleNotFoundError"), crash.detail());
  }

  @Test
  void aLimitInOneAssertSkipsTheRest() {
    CheckResult result =
        asserts(
            "def f(x):\n    while x == 2: pass\n    return x",
            "assert f(1) == 1",
            "assert f(2) == 2",
            "assert f(3) == 3");
    assertEquals(List.of(Verdict.PASSED, Verdict.TIMED_OUT, Verdict.SKIPPED), verdicts(result));
  }

  @Test
  void aBareAssertionErrorFailsWhereverItComesFrom() {
    String wrong = "def f(x): return x";
    for (String test :
        List.of(
            "assert False",
            "def case():\n    assert f(1) == 2\ncase()",
            "try:\n    assert f(1) == 2\nfinally:\n    pass",
            "if f(1) != 2:\n    raise AssertionError",
            "def check(candidate):\n    if candidate(1) != 2: raise AssertionError")) {
      assertEquals(List.of(Verdict.WRONG), verdicts(asserts(wrong, test)), test);
    }
  }
}
