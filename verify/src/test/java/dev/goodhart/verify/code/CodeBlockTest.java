package dev.goodhart.verify.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CodeBlockTest {
  private static String python(String response) {
    return CodeBlock.of(response, Language.PYTHON);
  }

  @Test
  void theLastBlockOfTheLanguageIsTheProgram() {
    assertEquals(
        "b = 2\n",
        python(
            "First\n"
                + "```python\n"
                + "a = 1\n"
                + "```\n"
                + "then\n"
                + "```py\n"
                + "b = 2\n"
                + "```\n"
                + "run it:\n"
                + "```bash\n"
                + "python x.py\n"
                + "```\n"));
  }

  @Test
  void aBlockWithoutALanguageComesBeforeOneOfAnother() {
    assertEquals("a\n", python("```\na\n```\n```json\n{}\n```"));
    assertEquals("{}\n", python("```json\n{}\n```"));
  }

  @Test
  void withoutABlockTheWholeResponseIsTheProgram() {
    assertEquals("    return x\n", python("    return x\n"));
  }

  @Test
  void thoughtsDoNotCount() {
    assertEquals("a\n", python("<think>```python\nwrong\n```</think>\n```python\na\n```"));
    assertEquals("print(1)", python("<think>hm</think>print(1)"));
  }

  @Test
  void aBlockThatIsNotClosedCounts() {
    assertEquals("a\nb", python("Here:\n```python\na\nb"));
    assertEquals("", python("```python"));
  }

  @Test
  void fencesMayBeIndentedLongerOrOfTildes() {
    assertEquals("if x:\n  y\n", python("1. this:\n   ```python\n   if x:\n     y\n   ```\n"));
    assertEquals("s = '''\n```\n'''\n", python("````python\ns = '''\n```\n'''\n````"));
    assertEquals("a\n", python("~~~python\na\n~~~"));
    assertEquals("a\n", python("```Python title=x\r\na\r\n```"));
  }

  @Test
  void theMainClassOfAJavaProgramIsFound() {
    assertEquals("Main", JavaSource.mainClass("void main() {}"));
    assertEquals(
        "B",
        JavaSource.mainClass(
            "class A {} class B { record C(int x) {} static void main(String[] a) {} }"));
    assertEquals(
        "p.q.A$B",
        JavaSource.mainClass(
            "package p.q;\n"
                + "class A { static class B { public static void main (String[] a) {} } }"));
    assertEquals(
        "A",
        JavaSource.mainClass(
            "class A { String s = \"class X { void main(\"; /* { */ char c = '{'; // {\n"
                + " void main() {} }"));
  }
}
