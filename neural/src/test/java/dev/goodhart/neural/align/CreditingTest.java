package dev.goodhart.neural.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CreditingTest {
  private static final Tokenizer TOKENIZER = Tokenizers.characters("0123456789=");

  private static Reward withSteps(double value, Map<String, Double> steps) {
    Map<String, Reward> parts = new LinkedHashMap<>();
    steps.forEach((end, reward) -> parts.put(end, Reward.of(reward)));
    return Reward.of(value)
        .withParts(
            Map.of(
                "inner",
                Reward.of(value).withParts(Map.of("steps", Reward.of(value).withParts(parts)))));
  }

  @Test
  void aStepsRewardStandsAtTheTokenThatEndsIt() {
    int[] tokens = java.util.Arrays.copyOf(TOKENIZER.encode("1234"), 5);
    tokens[4] = TOKENIZER.eos().getAsInt();

    Spans spans = Spans.of(withSteps(1.5, Map.of("2", 0.5, "3", 0.25)), tokens, TOKENIZER);

    assertArrayEquals(new double[] {0, 0.5, 0.25, 0, 0}, spans.rewards());
    assertArrayEquals(new int[] {2, 3, 5}, spans.ends());
    assertEquals(0.75, spans.sum());
  }

  @Test
  void stepsBehindTheEndCountAtTheLastToken() {
    int[] tokens = TOKENIZER.encode("12");

    Spans spans = Spans.of(withSteps(1, Map.of("1", 0.5, "9", 0.25)), tokens, TOKENIZER);

    assertArrayEquals(new double[] {0.5, 0.25}, spans.rewards());
    assertArrayEquals(new int[] {1, 2}, spans.ends());
  }

  @Test
  void aRewardWithoutStepsIsOneSegment() {
    Spans spans = Spans.of(Reward.of(3), new int[] {5, 6, 7}, TOKENIZER);

    assertArrayEquals(new int[] {3}, spans.ends());
    assertArrayEquals(new double[3], spans.rewards());
  }

  /** Two responses of two tokens to one prompt, earning 1 and 0. */
  private static List<Episode> credited(String more, double[] reference) {
    AlignSpec spec = Runs.spec(more);
    Sample asked = new Sample("p", Prompt.of("1="), "", "11", Map.of());
    Batch batch = Batch.empty();
    batch.prompts().add(asked);
    batch.kept().add(true);
    List<Episode> episodes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Episode episode =
          Episode.drawn(new int[] {4}, new int[] {5, 6}, new double[] {-1, -2})
              .withReference(reference);
      Sample answered = new Sample("p/" + i, asked.prompt(), "12", "11", Map.of());
      batch.drawn().add(new Drawn(0, i, answered, episode));
      batch.rewards().add(Reward.of(1 - i));
      episodes.add(episode);
    }
    return new Crediting(spec, TOKENIZER).of(batch, episodes, new LinkedHashMap<>());
  }

  @Test
  void rewardsAgainstTheOtherResponse() {
    List<Episode> credited = credited("{ algorithm: rloo }", new double[] {-1, -2});

    assertArrayEquals(new double[] {1, 1}, credited.get(0).advantages());
    assertArrayEquals(new double[] {-1, -1}, credited.get(1).advantages());
  }

  /** To one prompt 1, 0 and no reward; to another, which is set aside, two of 1. */
  private static List<Episode> ofFive(String more) {
    Batch batch = Batch.empty();
    List<Episode> episodes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Sample asked = new Sample("p" + i / 3, Prompt.of("1="), "", "11", Map.of());
      if (i % 3 == 0) {
        batch.prompts().add(asked);
        batch.kept().add(i == 0);
      }
      Episode episode = Episode.drawn(new int[] {4}, new int[] {5, i}, new double[] {-1, -2});
      Sample answered = new Sample(asked.id() + "/" + i, asked.prompt(), "12", "11", Map.of());
      batch.drawn().add(new Drawn(i / 3, i % 3, answered, episode));
      batch.rewards().add(i == 2 ? Reward.unscored("who knows") : Reward.of(i == 1 ? 0 : 1));
      episodes.add(episode);
    }
    return new Crediting(Runs.spec(more), TOKENIZER).of(batch, episodes, new LinkedHashMap<>());
  }

  private static List<Integer> numbers(List<Episode> episodes) {
    return episodes.stream().map(e -> e.tokens()[1]).toList();
  }

  private static List<Integer> credited(List<Episode> episodes) {
    return numbers(episodes.stream().filter(Episode::credited).toList());
  }

  @Test
  void aTeacherSeesAllResponsesAndTheRewardThoseThatHaveCredit() {
    String teacher = "{ algorithm: rloo, teacher: { model: { tiny: {} }, share: %s } }";
    List<Episode> none = ofFive("{ algorithm: rloo }");
    List<Episode> half = ofFive(teacher.formatted("0.5"));
    List<Episode> pure = ofFive(teacher.formatted("1"));

    assertEquals(List.of(0, 1), numbers(none));
    assertEquals(List.of(0, 1), credited(none));
    assertEquals(List.of(0, 1, 2, 3, 4), numbers(half));
    assertEquals(List.of(0, 1), credited(half));
    assertArrayEquals(none.getFirst().advantages(), half.getFirst().advantages());
    assertEquals(List.of(0, 1, 2, 3, 4), numbers(pure));
    assertEquals(List.of(), credited(pure));
  }

  @Test
  void leavingTheReferenceIsTakenOffTheReward() {
    Sample asked = new Sample("p", Prompt.of("1="), "", "11", Map.of());
    Batch batch = Batch.empty();
    batch.prompts().add(asked);
    batch.kept().add(true);
    List<Episode> episodes = new ArrayList<>();
    double[][] references = {{-1.5, -1.75}, {-1, -2}};
    for (int i = 0; i < 2; i++) {
      Episode episode =
          Episode.drawn(new int[] {4}, new int[] {5, 6}, new double[] {-1, -2})
              .withReference(references[i]);
      batch
          .drawn()
          .add(
              new Drawn(0, i, new Sample("p/" + i, asked.prompt(), "12", "11", Map.of()), episode));
      batch.rewards().add(Reward.of(1 - i));
      episodes.add(episode);
    }

    List<Episode> credited =
        new Crediting(Runs.spec("{ algorithm: rloo, kl-in-reward: { weight: 2 } }"), TOKENIZER)
            .of(batch, episodes, new LinkedHashMap<>());

    // k1 = old - reference is 0.5 and -0.25 in the first response: 1 - 2 * 0.25 against 0.
    assertArrayEquals(new double[] {0.5, 0.5}, credited.get(0).advantages(), 1e-12);
    assertArrayEquals(new double[] {-0.5, -0.5}, credited.get(1).advantages(), 1e-12);
  }

  @Test
  void anEstimateOfTheDivergenceByHand() {
    Episode episode =
        Episode.drawn(new int[] {4}, new int[] {5, 6}, new double[] {-1, -2})
            .withReference(new double[] {-1.5, -1.75});

    // -1 - -1.5 = 0.5 and -2 - -1.75 = -0.25
    assertEquals(0.25, Summary.kl(episode), 1e-12);
  }

  @Test
  void weightsMakeTheMeanOverResponsesTheAggregation() {
    // Two responses of 1 and 3 tokens, each token costing 1 and 2: sums 1 and 6.
    double byToken =
        (Aggregation.TOKEN.weight(1, 2, 8) * 1 + Aggregation.TOKEN.weight(3, 2, 8) * 6) / 2;
    double bySequence =
        (Aggregation.SEQUENCE.weight(1, 2, 8) * 1 + Aggregation.SEQUENCE.weight(3, 2, 8) * 6) / 2;
    double byConstant =
        (Aggregation.CONSTANT.weight(1, 2, 8) * 1 + Aggregation.CONSTANT.weight(3, 2, 8) * 6) / 2;

    assertEquals(7.0 / 4, byToken, 1e-12);
    assertEquals(1.5, bySequence, 1e-12);
    assertEquals(7.0 / 16, byConstant, 1e-12);
  }
}
