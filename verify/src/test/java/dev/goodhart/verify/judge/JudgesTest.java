package dev.goodhart.verify.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the four judges make of an honest server's replies. */
class JudgesTest {
  private static final Sample TEA = Sample.of("How is tea made?", "With hot water.", "Steep it.");

  static Judge judge(ChatServer server) {
    return new Judge(server, "Is it good?", 1, 10, Optional.empty(), Optional.empty());
  }

  static double part(Reward reward, String name) {
    return assertInstanceOf(Scored.class, reward.parts().get(name), reward::toString).value();
  }

  static double value(Reward reward) {
    return assertInstanceOf(Scored.class, reward, reward::toString).value();
  }

  static String reason(Reward reward) {
    return assertInstanceOf(Unscored.class, reward, reward::toString).reason();
  }

  private static PlayedServer verdict(String verdict) throws IOException {
    return PlayedServer.saying(q -> "It is so.\n" + PlayedServer.mark(q) + ": " + verdict);
  }

  @Test
  void aRatingIsBroughtBetweenNoneAndOne() throws IOException {
    try (PlayedServer server = verdict("7")) {
      Reward reward = judge(server.chat()).of(TEA);
      assertEquals(6.0 / 9, value(reward), 1e-15);
      assertEquals(7, part(reward, "rating"));
      assertEquals(1, part(reward, "requests"));
      assertEquals(100, part(reward, "prompt-tokens"));
      assertEquals(7, part(reward, "completion-tokens"));
      String asked = PlayedServer.question(server.bodies.getFirst());
      assertTrue(asked.contains("\nHow is tea made?\n") && asked.contains("\nWith hot water.\n"));
      assertTrue(asked.contains("Is it good?") && !asked.contains("Steep"), asked);
    }
  }

  @Test
  void aVerdictMayBeDressedAndComeAfterThoughts() throws IOException {
    for (String reply :
        List.of(
            "M: 7",
            "**M: 7**",
            "**M:** 7",
            "- M = 7.0",
            "> `M`: 7.",
            "M: 7/10",
            "M: +7 / 10",
            "<think>M: 2\n</think>\nM: 7",
            "M: 7\nSo much for that.\nM: 7",
            "\"M\": \"7\"")) {
      try (PlayedServer server =
          PlayedServer.saying(q -> reply.replace("M", PlayedServer.mark(q)))) {
        assertEquals(7, part(judge(server.chat()).of(TEA), "rating"), reply);
      }
    }
  }

  @Test
  void whatIsNoVerdictIsUnscoredWithItsKind() throws IOException {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("M: 11", "judge verdict out of range");
    kinds.put("M: -3", "judge verdict out of range");
    kinds.put("M: seven", "judge gave no verdict");
    kinds.put("M: 7 or 8", "judge gave no verdict");
    kinds.put("M: NaN", "judge gave no verdict");
    kinds.put("M: 1e1", "judge gave no verdict");
    kinds.put("M:", "judge gave no verdict");
    kinds.put("7", "judge gave no verdict");
    kinds.put("Rating: 7", "judge gave no verdict");
    kinds.put("The verdict is M: 7", "judge gave no verdict");
    kinds.put("", "judge gave no verdict");
    kinds.put("M: 7\nM: 8", "judge gave several verdicts");
    kinds.put("I'm sorry, but I can't help with that.", "judge refused");
    for (var entry : kinds.entrySet()) {
      try (PlayedServer server =
              PlayedServer.saying(q -> entry.getKey().replace("M", PlayedServer.mark(q)));
          OpenJudge open = judge(server.chat()).open()) {
        Unscored missing = assertInstanceOf(Unscored.class, open.of(TEA), entry.getKey());
        assertEquals(entry.getValue(), missing.kind(), entry.getKey());
        assertEquals(Map.of(entry.getValue(), 1L), open.usage().unscored());
        assertEquals(1, server.requests.get(), "what was answered is not asked again");
      }
    }
  }

  @Test
  void aJudgeThatTakesTheFirstPrefersNothing() throws IOException {
    try (PlayedServer server = verdict("A")) {
      PairwiseJudge pairs = pairwise(server);
      Reward reward = pairs.of(TEA);
      assertEquals(0.5, value(reward));
      assertEquals(1, part(reward, "first"));
      assertEquals(0, part(reward, "second"));
      assertEquals(1, part(reward, "position-bias"));
      assertEquals(2, part(reward, "requests"));
    }
  }

  /** Against two others: it beats the short one in both orders, and ties with itself. */
  @Test
  void theLongerOneWinsInBothOrders() throws IOException {
    try (PlayedServer server =
        PlayedServer.saying(
            q -> {
              int gap = delimited(q, "first").length() - delimited(q, "second").length();
              return PlayedServer.mark(q) + ": " + (gap > 0 ? "A" : gap < 0 ? "B" : "TIE");
            })) {
      Sample sample =
          new Sample(
              "1",
              Prompt.of("How is tea made?"),
              "With hot water.",
              null,
              Map.of("reference", List.of("Hot.", "With hot water.")));
      Reward reward = pairwise(server).of(sample);
      assertEquals(0.75, value(reward)); // (1 + 1/2) / 2
      assertEquals(0, part(reward, "position-bias"));
      assertEquals(4, part(reward, "questions"));
      assertEquals(
          "nothing to compare with", ((Unscored) pairwise(server).of(Sample.of("p", "r"))).kind());
    }
  }

  private static PairwiseJudge pairwise(PlayedServer server) {
    return new PairwiseJudge(
        server.chat(), "reference", "Which is better?", Optional.empty(), Optional.empty());
  }

  static String delimited(String question, String name) {
    String mark = PlayedServer.mark(question);
    int from = question.indexOf("<<<" + name + " " + mark + "\n");
    return question.substring(
        question.indexOf('\n', from) + 1, question.indexOf("\n" + name + " " + mark + ">>>"));
  }

  /** Met: 3 of the wanted 3 + 1, and the unwanted -2: (3 - 2) / 4. */
  @Test
  void aRubricWeighsWhatIsMetAgainstWhatIsWanted() throws IOException {
    try (PlayedServer server =
        PlayedServer.saying(
            q -> {
              boolean met = !delimited(q, "criterion").contains("milk");
              return PlayedServer.mark(q) + ": " + (met ? "YES" : "no.");
            })) {
      List<Criterion> criteria =
          List.of(
              new Criterion("names water", 3, "water"),
              new Criterion("names milk", 1),
              new Criterion("is rude", -2, "rude"));
      Reward reward = rubric(server, criteria, Optional.empty(), false).of(TEA);
      assertEquals(0.25, value(reward));
      assertEquals(1, part(reward, "water"));
      assertEquals(0, part(reward, "2"));
      assertEquals(1, part(reward, "rude"));
      List<Criterion> bad = List.of(new Criterion("is rude", -2), new Criterion("milk", -1));
      assertEquals(-2.0 / 3, value(rubric(server, bad, Optional.empty(), false).of(TEA)), 1e-15);
      assertEquals(0, value(rubric(server, bad, Optional.empty(), true).of(TEA)));
    }
  }

  @Test
  void aSampleBringsItsOwnRubric() throws IOException {
    try (PlayedServer server =
        PlayedServer.saying(
            q ->
                PlayedServer.mark(q)
                    + (delimited(q, "criterion").equals("hot") ? ": YES" : ": NO"))) {
      Rubric rubric = rubric(server, List.of(), Optional.of("rubrics"), false);
      List<Object> column =
          List.of(
              "hot",
              Map.of("criterion", "cold", "points", 3),
              Map.of("title", "old", "weight", -1));
      assertEquals(0.25, value(rubric.of(sample(column))));
      assertTrue(reason(rubric.of(TEA)).startsWith("no rubric: column 'rubrics'"));
      assertTrue(reason(rubric.of(sample(List.of(1)))).startsWith("no rubric: number 1"));
      assertTrue(reason(rubric.of(sample(List.of()))).startsWith("no rubric: 0 criteria"));
    }
  }

  @Test
  void aRubricWithACriterionThatNobodyJudgedIsUnscored() throws IOException {
    try (PlayedServer server =
        PlayedServer.saying(
            q ->
                delimited(q, "criterion").equals("hot") ? PlayedServer.mark(q) + ": YES" : "Hm.")) {
      Reward reward =
          rubric(
                  server,
                  List.of(new Criterion("hot", 1), new Criterion("cold", 1, "cold")),
                  Optional.empty(),
                  false)
              .of(TEA);
      assertEquals("judge gave no verdict: Hm., of criterion cold", reason(reward));
      assertEquals(1, part(reward, "1"));
    }
  }

  private static Sample sample(List<?> rubric) {
    return new Sample("1", Prompt.of("p"), "r", null, Map.of("rubrics", rubric));
  }

  private static Rubric rubric(
      PlayedServer server, List<Criterion> criteria, Optional<String> column, boolean clip) {
    return new Rubric(server.chat(), criteria, column, clip, Optional.empty(), Optional.empty());
  }

  /** Yes 0.6 in two spellings, no 0.2: 0.6 / 0.8. */
  @Test
  void theProbabilityOfYesIsAmongYesAndNo() throws IOException {
    try (PlayedServer server =
        new PlayedServer(
            (e, body, number) -> {
              assertTrue(body.path("logprobs").booleanValue());
              assertEquals(20, body.path("top_logprobs").intValue());
              assertEquals(1, body.path("max_tokens").intValue());
              PlayedServer.send(e, 200, tokens(" Yes", 0.5, "yes", 0.1, "ĠNO", 0.2, "Well", 0.2));
            })) {
      Reward reward = yes(server.chat()).of(TEA);
      assertEquals(0.75, value(reward), 1e-12);
      assertEquals(0.6, part(reward, "yes"), 1e-12);
      assertEquals(0.2, part(reward, "no"), 1e-12);
    }
  }

  @Test
  void withoutLogProbabilitiesOrAnAnswerInThemItIsUnscored() throws IOException {
    try (PlayedServer server = PlayedServer.saying(q -> "Yes")) {
      assertTrue(reason(yes(server.chat()).of(TEA)).startsWith("judge gave no logprobs: "));
    }
    try (PlayedServer server =
        new PlayedServer((e, b, n) -> PlayedServer.send(e, 200, tokens("Well", 0.7, "Yes", 0.3)))) {
      assertEquals(
          "judge gave no verdict: yes and no have 0.300 of the probability, the likeliest token is"
              + " 'Well'",
          reason(yes(server.chat()).of(TEA)));
    }
  }

  private static YesProbability yes(ChatServer server) {
    return new YesProbability(server, "Right?", 20, 0.5, Optional.empty(), Optional.empty());
  }

  private static Map<String, Object> tokens(Object... pairs) {
    List<Object> top = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      top.add(Map.of("token", pairs[i], "logprob", Math.log((Double) pairs[i + 1])));
    }
    return Map.of(
        "choices",
        List.of(
            Map.of(
                "message",
                Map.of("content", pairs[0]),
                "logprobs",
                Map.of(
                    "content",
                    List.of(Map.of("token", pairs[0], "logprob", 0, "top_logprobs", top))))));
  }

  @Test
  void aBatchIsAskedAtOnceButNotMoreThanConcurrencyAllows() throws IOException {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (PlayedServer server =
            new PlayedServer(
                (e, body, number) -> {
                  most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                  try {
                    Thread.sleep(20);
                  } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                  }
                  atOnce.decrementAndGet(); // before the client can know
                  String q = PlayedServer.question(body);
                  String rating = delimited(q, "response");
                  PlayedServer.send(
                      e, 200, PlayedServer.completion(PlayedServer.mark(q) + ": " + rating));
                });
        OpenJudge open = judge(server.chat()).open()) {
      List<Sample> batch = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        batch.add(Sample.of("p" + i, Integer.toString(1 + i % 10)));
      }
      List<Reward> rewards = open.of(batch);
      for (int i = 0; i < 60; i++) {
        assertEquals(1 + i % 10, part(rewards.get(i), "rating"));
      }
      assertEquals(8, most.get());
      assertEquals(60, open.usage().requests());
      assertEquals(6000, open.usage().promptTokens());
    }
  }

  @Test
  void aTemplateOfOnesOwnAndASystemMessageAreUsed() throws IOException {
    try (PlayedServer server = verdict("1")) {
      RewardSpec spec =
          RewardSpec.parse(
              """
              signals:
                good:
                  judge:
                    server: { base-url: "%s", model: m, extra: { top_p: 0.5, max_tokens: } }
                    question: Is it {{good}}?
                    min: 0
                    max: 1
                    system: You are strict.
                    template: |
                      {question} Json {"a": 1}. True: {reference}. Said: {response}. By {author}.
              """
                  .formatted(server.url()),
              "reward.yaml",
              Path.of("."));
      try (Signal open = spec.signals().get("good").open()) {
        Sample sample =
            new Sample("1", Prompt.of("p"), "r", "truth", Map.of("author", List.of(1, "x")));
        assertEquals(1, value(open.of(sample)));
        assertEquals(
            "nothing to show the judge: the sample has no 'author'",
            reason(open.of(Sample.of("p", "r", "truth"))));
      }
      var body = server.bodies.getFirst();
      String asked = PlayedServer.question(body);
      assertEquals("You are strict.", body.path("messages").path(0).path("content").stringValue());
      assertTrue(asked.startsWith("Is it {good}? Json {\"a\": 1}. True: <<<reference "), asked);
      assertTrue(asked.contains("\n[1,\"x\"]\n"), asked);
      assertEquals(0.5, body.path("top_p").doubleValue());
      assertTrue(!body.has("max_tokens"));
    }
  }

  @Test
  void aSpecIsToldWhatIsWrongAndNeverShowsAKey() {
    String[][] wrong = {
      {"base-url: localhost, model: m", "base-url: expected http"},
      {"base-url: 'http://u:p@h/v1', model: m", "without user, password"},
      {"base-url: 'file:///etc/passwd', model: m", "base-url: expected http"},
      {"base-url: 'http://h/v1', model: m, key: sk-Secret1", "the key itself does not belong"},
      {"base-url: 'http://h/v1', model: m, concurrency: 0", "concurrency: expected"},
      {"base-url: 'http://h/v1', model: m, extra: { messages: [] }", "'messages' is set by"},
      {"base-url: 'http://h/v1'", "'model' is missing"},
    };
    for (String[] one : wrong) {
      String yaml = "signals: { j: { judge: { server: { " + one[0] + " } } } }";
      String says =
          assertThrows(SpecException.class, () -> RewardSpec.parse(yaml, "r.yaml", Path.of(".")))
              .getMessage();
      assertTrue(says.contains(one[1]), says);
      assertTrue(!says.contains("Secret1"), says);
    }
  }

  @Test
  void whatASpecLeavesOutHasADefaultAndComesBackFromItsYaml() {
    RewardSpec spec =
        RewardSpec.parse(
            """
            signals:
              a: { judge: { server: { base-url: "http://h/v1", model: m } } }
              b: { pairwise-judge: { server: { base-url: "http://h/v1", model: m, extra: { x: } } } }
              c: { rubric: { server: { base-url: "http://h/v1", model: m }, column: rubric } }
              d: { yes-probability: { server: { base-url: "http://h/v1", model: m } } }
            combine: a
            """,
            "reward.yaml",
            Path.of("."));
    assertEquals(ChatServer.of("http://h/v1", "m"), ((Judge) spec.signals().get("a")).server());
    assertEquals(spec, RewardSpec.parse(spec.toYaml(Path.of(".")), "again", Path.of(".")));
  }

  @Test
  void theSpecsOnTheJudgesPageAreSpecs() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("docs/verify/judge.md"))) {
      root = root.getParent();
    }
    Matcher specs =
        Pattern.compile("```yaml reward\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(root.resolve("docs/verify/judge.md")));
    int found = 0;
    for (; specs.find(); found++) {
      RewardSpec.parse(specs.group(1), "docs/verify/judge.md", Path.of("."));
    }
    assertEquals(2, found);
  }

  @Test
  void theKeyComesFromTheEnvironmentAndStandsNowhere() throws IOException {
    String secret = "sk-verysecretkey";
    try (PlayedServer server =
        new PlayedServer(
            (e, body, number) ->
                PlayedServer.send(
                    e,
                    number == 1 ? 401 : 200,
                    number == 1
                        ? Map.of(
                            "error",
                            "wrong key: " + e.getRequestHeaders().getFirst("Authorization"))
                        : PlayedServer.completion("The key is " + secret)))) {
      ChatServer chat =
          new ChatServer(
              server.url(),
              "m",
              Optional.of("JUDGE_KEY"),
              0,
              9,
              Map.of(),
              1,
              0,
              1,
              5,
              5,
              java.util.OptionalDouble.empty(),
              java.util.OptionalInt.empty(),
              1000,
              Optional.empty());
      try (Chat open = new Chat(chat, name -> name.equals("JUDGE_KEY") ? secret : null)) {
        Hearing hearing = new Hearing(open, Marks.fresh(), TEA);
        for (String kind :
            List.of("judge not authorised: 401, see JUDGE_KEY", "judge gave no verdict")) {
          NoVerdictException none =
              assertThrows(
                  NoVerdictException.class,
                  () -> hearing.ask(Optional.empty(), new Template("{response}"), Map.of(), "%s"));
          assertTrue(none.reason().startsWith(kind), none.reason());
          assertTrue(!none.reason().contains("secret"), none.reason());
        }
      }
      assertEquals(List.of("Bearer " + secret, "Bearer " + secret), server.keys);
      assertThrows(GoodhartException.class, () -> new Chat(chat, name -> null));
      assertThrows(GoodhartException.class, () -> new Chat(chat, name -> "two\nlines"));
    }
  }
}
