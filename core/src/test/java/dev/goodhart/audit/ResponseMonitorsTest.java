package dev.goodhart.audit;

import static dev.goodhart.audit.WatchedRun.alarms;
import static dev.goodhart.audit.WatchedRun.steps;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.audit.WatchedRun.Alarm;
import dev.goodhart.audit.WatchedRun.Step;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResponseMonitorsTest {
  /** 1 for a response that begins with "Answer:", no verdict on an empty one. */
  record Begins() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      if (sample.response().isEmpty()) return Reward.unscored("empty");
      return Reward.of(sample.response().startsWith("Answer:") ? 1 : 0);
    }
  }

  @Test
  void repetitionIsTheShareOfRunsOfFourWordsThatStoodThereBefore() {
    assertEquals(0, RepetitionDrift.share("one two three"));
    assertEquals(0, RepetitionDrift.share("one two three four five six"));
    // a b c d, b c d a, c d a b, d a b c, a b c d: five runs, four of them distinct.
    assertEquals(0.2, RepetitionDrift.share("a b c d  a\nb c d"), 1e-15);
    // Ten words make seven runs, all the same.
    assertEquals(6.0 / 7, RepetitionDrift.share("no no no no no no no no no no"), 1e-15);
    assertEquals(0, RepetitionDrift.share(""));
  }

  @Test
  void onlyTheEndOfALongResponseIsRead() {
    String distinct =
        String.join(" ", IntStream.range(0, 40_000).mapToObj(Integer::toString).toList());
    assertEquals(0, RepetitionDrift.share(distinct));
    assertTrue(RepetitionDrift.share(distinct + " and so on".repeat(6_000)) > 0.99);
  }

  @Test
  void responsesThatComeToLoopAreTold() {
    String plain = "the quick brown fox jumps over the lazy dog and runs into the deep wood";
    String loop = "so it is ".repeat(20);
    List<Alarm> alarms =
        alarms(
            new RepetitionDrift(0.15, 20, 5),
            80,
            t ->
                Step.responses(
                    IntStream.range(0, 8)
                        .mapToObj(i -> t >= 40 && i < 4 ? loop : plain + i)
                        .toList()));

    // Half of the responses loop: 60 words make 57 runs, 3 distinct, a share of 0.947; on average
    // 0.474, so that two of five steps make 0.19.
    assertEquals(List.of(41), steps(alarms));
    assertEquals(
        "Responses repeat themselves: 18.9 % of their runs of four words stood in them before,"
            + " against 0.0 % when the run began.",
        alarms.getFirst().finding().says());
  }

  @Test
  void aRunThatAlwaysRepeatedItselfIsNotTold() {
    assertEquals(
        List.of(),
        alarms(
            new RepetitionDrift(0.15, 20, 5),
            80,
            t -> Step.responses(List.of("so it is ".repeat(20), "no loop here at all " + t))));
  }

  @Test
  void aPolicyThatSaysTheSameWhateverIsAskedIsTold() {
    // From step 40 on five of eight responses are one text: 1 − 4/8 = 0.5 of them were there
    // before; two of five steps make 0.2.
    List<Alarm> alarms =
        alarms(
            new DuplicateRate(0.2, 20, 5),
            80,
            t ->
                Step.responses(
                    IntStream.range(0, 8)
                        .mapToObj(i -> t >= 40 && i < 5 ? " the same " : "response " + i)
                        .toList()));
    assertEquals(List.of(41), steps(alarms));
    assertEquals(
        "The same responses come again: 20.0 % of a step's equal another one in it, against 0.0 %"
            + " when the run began.",
        alarms.getFirst().finding().says());
  }

  @Test
  void shortAnswersRepeatByNature() {
    assertEquals(
        List.of(),
        alarms(
            new DuplicateRate(0.2, 20, 5),
            80,
            t -> Step.responses(List.of("4", "4", "5", "4", "7", "5"))));
    assertTrue(Double.isNaN(DuplicateRate.share(List.of(Sample.of("", "4")))));
  }

  @Test
  void aFormatThatIsUnlearntIsTold() {
    // Ten responses a step. The format is learnt, from 2 in 10 to 10 in 10, and from step 60 on
    // only 6 keep to it: a fifth is lost when 3 of 5 steps are such, 1 − (2·10 + 3·6)/50 = 0.24.
    List<Alarm> alarms =
        alarms(
            new FormatShare(new Begins(), 0.2, 5),
            90,
            t -> keeping(t < 60 ? Math.min(10, 2 + t / 5) : 6, 10));
    assertEquals(List.of(62), steps(alarms));
    assertEquals(
        "Only 76.0 % of the responses keep to the format, against 100.0 % at best.",
        alarms.getFirst().finding().says());
  }

  @Test
  void aFormatThatWasNeverKeptToIsNoAlarm() {
    assertEquals(List.of(), alarms(new FormatShare(new Begins(), 0.2, 5), 90, t -> keeping(0, 10)));
    assertEquals(
        List.of(),
        alarms(new FormatShare(new Begins(), 0.2, 5), 90, t -> Step.responses(List.of("", "", ""))),
        "nothing was decided");
  }

  @Test
  void aFormatHasToBeARule() {
    Signal judge = sample -> Reward.of(1);
    assertThrows(IllegalArgumentException.class, () -> new FormatShare(judge, 0.2, 5));
    assertThrows(IllegalArgumentException.class, () -> new FormatShare(new Begins(), 1, 5));
    assertThrows(IllegalArgumentException.class, () -> new RepetitionDrift(0, 20, 5));
    assertThrows(IllegalArgumentException.class, () -> new DuplicateRate(0.2, 20, 0));
  }

  private static Step keeping(int keep, int of) {
    List<String> responses = new ArrayList<>();
    for (int i = 0; i < of; i++) responses.add((i < keep ? "Answer: " : "I think ") + i);
    return Step.responses(responses);
  }
}
