package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a user is told about a reward spec that cannot be read: one line with file, line and key.
 */
class SpecErrorsTest {
  @TempDir Path folder;

  private static String error(String yaml) {
    String message =
        assertThrows(SpecException.class, () -> RewardSpec.parse(yaml, "r.yaml", Path.of(".")))
            .getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  /** Two signals, a transform and a combination, with one line to fill in. */
  private static final String SPEC =
      """
      signals:
        length: test-characters
        other: { test-column: gold }
      transform:
        length:
          - %s
      combine: { weighted: { length: 1.0, other: 0.3 } }
      """;

  @Test
  void anUnknownMethodNamesTheClosestOfItsRoom() {
    assertEquals(
        "r.yaml:6: transform.length[0]: unknown transform 'afine'; did you mean 'affine'? (known: ",
        error(SPEC.formatted("afine: { scale: 2 }")).split("affine, ")[0]);
  }

  @Test
  void aMethodOfAnotherRoomIsUnknownHere() {
    assertTrue(
        error(SPEC.formatted("group-normalised")).contains("unknown transform 'group-normalised'"));
  }

  @Test
  void anUnknownKeyOfAMethodNamesTheClosest() {
    assertEquals(
        "r.yaml:6: transform.length[0].affine: unknown key 'scal'; did you mean 'scale'? (known:"
            + " scale, shift)",
        error(SPEC.formatted("affine: { scal: 2 }")));
  }

  @Test
  void anUnknownKeyOfAMethodWithOneHyperParameterIsNotTakenForItsValue() {
    assertEquals(
        "r.yaml:1: signals.a.test-column: unknown key 'colum'; did you mean 'column'? (known:"
            + " column)",
        error("signals: { a: { test-column: { colum: x } } }"));
  }

  @Test
  void anUnknownSectionNamesTheClosest() {
    assertEquals(
        "r.yaml:2: unknown key 'combin'; did you mean 'combine'? (known: signals, transform,"
            + " combine, monitor, unscored)",
        error("signals: { a: test-characters }\ncombin: a\n"));
  }

  @Test
  void aKeyThatIsNothingLikeAnyOtherGetsNoHint() {
    assertFalse(error("signals: { a: test-characters }\nxyz: 1\n").contains("did you mean"));
  }

  @Test
  void aWrongTypeSaysWhatWasExpectedAndWhatWasFound() {
    assertEquals(
        "r.yaml:6: transform.length[0].affine.scale: expected a number, found 'twice'",
        error(SPEC.formatted("affine: { scale: twice }")));
    assertEquals(
        "r.yaml:6: transform.length[0].affine.scale: expected a number, found a list of 2",
        error(SPEC.formatted("affine: { scale: [1, 2] }")));
    assertEquals(
        "r.yaml:6: transform.length[0].affine.scale: expected a number, found nothing",
        error(SPEC.formatted("affine: { scale: }")));
    assertEquals(
        "r.yaml:6: transform.length[0].preference-as-reward.references: expected a whole number,"
            + " found '1.5'",
        error(SPEC.formatted("preference-as-reward: { references: 1.5 }")));
    assertEquals(
        "r.yaml:3: transform.a: expected a list, found a mapping with one key",
        error("signals: { a: test-characters }\ntransform:\n  a: { affine: { scale: 1 } }\n"));
    assertEquals(
        "r.yaml:1: signals: expected a mapping ('key: value'), found a list of 1",
        error("signals: [a]\n"));
    assertEquals(
        "r.yaml:1: signals.a: expected one signal as 'name: {...}', found a mapping with 2 keys",
        error("signals: { a: { test-characters: {}, test-column: x } }\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", ".nan", "1e999", "0x10", "1f", "--1", "1,5", "_", "."})
  void whatJavaOrYamlWouldTakeForANumberButNobodyMeansIsRefused(String text) {
    assertEquals(
        "r.yaml:6: transform.length[0].affine.scale: expected a number, found '" + text + "'",
        error(SPEC.formatted("affine: { scale: '" + text + "' }")));
  }

  @Test
  void aMissingHyperParameterIsNamedWithItsType() {
    assertEquals(
        "r.yaml:6: transform.length[0].bounded: 'low' is missing (a number)",
        error(SPEC.formatted("bounded: { high: 1 }")));
    assertEquals(
        "r.yaml:1: signals.a.test-column: 'column' is missing (text)",
        error("signals: { a: test-column }"));
    assertEquals("r.yaml:1: 'signals' is missing (a mapping)", error("monitor: []"));
  }

  @Test
  void whatAConstructorRejectsIsShownAtTheLineOfTheValue() {
    String spec =
        """
        signals: { a: test-characters }
        transform:
          a:
            - bounded:
                low: 3
                high: 1
            - preference-as-reward:
                references: 2
                k: -1
        """;
    assertEquals(
        "r.yaml:5: transform.a[0].bounded: low (3.0) must not exceed high (1.0)", error(spec));
    assertEquals(
        "r.yaml:9: transform.a[1].preference-as-reward: k must be above 0, not -1.0",
        error(spec.replace("high: 1", "high: 9")));
  }

  @Test
  void anExceptionOfAUsersOwnConstructorIsShownAtItsMethod() {
    assertEquals(
        "r.yaml:1: signals.a.test-nothing: no such model: user",
        error("signals: { a: { test-nothing: user } }"));
    assertEquals(
        "r.yaml:1: signals.a.test-nothing: java.lang.IllegalStateException",
        error("signals: { a: { test-nothing: silent } }"));
  }

  @Test
  void aSignalMisspeltInATransformIsShownAtItsLine() {
    assertEquals(
        "r.yaml:5: transform: there is no signal 'lenght'; did you mean 'length'? (known: length,"
            + " other)",
        error(SPEC.formatted("affine").replace("\n  length:\n", "\n  lenght:\n")));
  }

  @Test
  void aSignalMisspeltInACombinationIsShownAtItsLineAndKey() {
    String spec =
        """
        signals:
          correct: test-characters
          helpful: test-characters
        combine:
          gated:
            gate: correct
            then:
              weighted:
                correct: 1.0
                helpfull: 0.3
        """;
    assertEquals(
        "r.yaml:10: combine.gated.then.weighted: there is no signal 'helpfull'; did you mean"
            + " 'helpful'? (known: correct, helpful)",
        error(spec));
    assertEquals(
        "r.yaml:6: combine.gated.gate: there is no signal 'corect'; did you mean 'correct'?"
            + " (known: correct, helpful)",
        error(spec.replace("helpfull", "helpful").replace("gate: correct", "gate: corect")));
    assertEquals(
        "r.yaml:5: combine.conservative-ensemble.of[1]: there is no signal 'b' (known: aaa, ccc)",
        error(
            """
            signals: { aaa: test-characters, ccc: test-characters }
            combine:
              conservative-ensemble:
                of: [ aaa,
                  b ]
            """));
  }

  @Test
  void severalSignalsNeedACombination() {
    assertTrue(
        error("signals: { a: test-characters, b: test-characters }")
            .startsWith("r.yaml:1: combine: say how a, b become one reward, for instance"));
  }

  @Test
  void noSignalIsNotASpec() {
    assertEquals("r.yaml:1: signals: at least one signal is needed", error("signals: {}"));
    assertEquals(
        "r.yaml:1: signals: a signal needs a name", error("signals: { '': test-characters }"));
  }

  @Test
  void aKeyThatStandsTwiceIsNotSilentlyTheLast() {
    assertEquals(
        "r.yaml:3: signals.a: stands twice, first in line 2",
        error("signals:\n  a: test-characters\n  a: test-characters\n"));
    assertEquals(
        "r.yaml:6: transform.length[0].affine.scale: stands twice, first in line 6",
        error(SPEC.formatted("affine: { scale: 1, scale: 2 }")));
  }

  @Test
  void brokenYamlIsShownAtItsLine() {
    assertTrue(error("signals:\n  a: [unclosed\nmonitor: []\n").startsWith("r.yaml:3: not YAML: "));
    assertTrue(error("signals:\n\ta: x\n").startsWith("r.yaml:2: not YAML: "));
    assertTrue(error("a: 1\n---\nb: 2\n").startsWith("r.yaml:2: not YAML: "));
    assertTrue(
        error("signals:\n  a: \"\u0007\"\n")
            .startsWith("r.yaml:2: not YAML: the character U+0007 is not allowed"));
  }

  @Test
  void anEmptyFileSaysWhatItShouldHaveHeld() {
    assertEquals("r.yaml: the file is empty; expected a mapping", error(""));
    assertEquals("r.yaml: the file is empty; expected a mapping", error("\n# nothing yet\n"));
    assertEquals("r.yaml:1: 'signals' is missing (a mapping)", error("null"));
  }

  @Test
  void aliasesThatCouldExpandWithoutBoundAreRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertEquals("r.yaml:1: '&a0': anchors are not read; repeat the text", error(bomb.toString()));
    assertTrue(error("signals: *s\n").startsWith("r.yaml:1: "));
  }

  @Test
  void aTagOfAnotherLanguageIsRefused() {
    assertEquals(
        "r.yaml:1: '!!javax.script.ScriptEngineManager': tags are not read; leave it out",
        error("signals: !!javax.script.ScriptEngineManager []\n"));
    assertEquals(
        "r.yaml:1: '!include': tags are not read; leave it out", error("signals: !include x\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 10_000, 100_000})
  void deepNestingIsAnErrorAndNotAStackOverflow(int levels) {
    assertEquals(
        "r.yaml:1: nested more than 64 levels deep",
        error("[".repeat(levels) + "]".repeat(levels)));
    assertEquals("r.yaml:1: nested more than 64 levels deep", error("{a: ".repeat(levels)));
  }

  @Test
  void aSpecMayNestAsDeepAsItSays() {
    String gates = "gated: { gate: a, then: { ";
    String combine = "{ " + gates.repeat(25) + "weighted: { a: 1 }" + " } }".repeat(25) + " }";
    RewardSpec spec =
        RewardSpec.parse("signals: { a: test-characters }\ncombine: " + combine, "r", Path.of("."));
    assertTrue(spec.combine().isPresent());
  }

  @Test
  void aLongTextIsCutShortInAMessage() {
    assertEquals(
        "r.yaml:6: transform.length[0].affine.scale: expected a number, found '"
            + "x".repeat(57)
            + "...'",
        error(SPEC.formatted("affine: { scale: " + "x".repeat(5000) + " }")));
  }

  @Test
  void aMissingFileAFolderAndAFileThatIsNoTextAreToldApart() throws IOException {
    assertEquals(
        folder.resolve("no.yaml") + ": cannot be read: no such file",
        read(folder.resolve("no.yaml")));
    assertEquals(
        folder + ": a folder without a model.json, expected a reward spec in YAML or a model",
        read(folder));
    Path bytes = Files.write(folder.resolve("bytes.yaml"), new byte[] {'a', (byte) 0xff, ':'});
    assertEquals(bytes + ": not UTF-8 text, expected a reward spec in YAML", read(bytes));
  }

  @Test
  void aHugeFileIsRefusedBeforeItIsRead() throws IOException {
    Path data = folder.resolve("data.yaml");
    try (var file = new java.io.RandomAccessFile(data.toFile(), "rw")) {
      file.setLength(8L << 30); // sparse
    }
    assertEquals(
        data + ": too large for a reward spec (over 1 MiB); is it a data file?", read(data));
  }

  @Test
  void byteOrderMarkAndWindowsLineEndsAreNoError() {
    RewardSpec spec =
        RewardSpec.parse("\uFEFFsignals:\r\n  a: test-characters\r\n", "r", Path.of("."));
    assertEquals(new TestMethods.Characters(), spec.signals().get("a"));
  }

  private static String read(Path file) {
    return assertThrows(GoodhartException.class, () -> RewardSpec.read(file)).getMessage();
  }
}
