package dev.goodhart.serve.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.serve.Served;
import dev.goodhart.signal.Verifier;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RewardClientTest {
  /** The length of all that it was given; no verdict for the empty response. */
  record Lengths() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      if (sample.response().isEmpty()) return Reward.unscored("empty: nothing was said");
      return new Scored(
          sample.prompt().messages().size()
              + 10 * sample.response().length()
              + 100 * String.valueOf(sample.reference()).length()
              + 1000 * String.valueOf(sample.columns().get("x")).length(),
          0.25);
    }
  }

  private static final Sample SAMPLE =
      new Sample(
          "a",
          new Prompt(List.of(Message.user("1 + 1?"), Message.assistant("?"), Message.user("!"))),
          "two",
          "2",
          Map.of("x", "four"));

  @Test
  void aRemoteSignalGivesWhatTheSameSignalGivesHere() {
    RewardSpec spec = RewardSpec.of("lengths", new Lengths());
    List<Sample> samples = List.of(SAMPLE, SAMPLE.withResponse(""), Sample.of("p", "r"));
    try (var served = Served.of(spec);
        var here = new Scorer(spec);
        var client = new RewardClient(served.uri(""));
        var there = new Scorer(RewardSpec.of("remote", client))) {
      List<Reward> expected = here.score(samples);
      List<Reward> rewards = client.of(samples);

      assertEquals(4133.0, ((Scored) rewards.getFirst()).value()); // 3 + 30 + 100 + 4000
      for (int i = 0; i < samples.size(); i++) {
        switch (expected.get(i)) {
          case Scored scored -> {
            assertEquals(scored.value(), ((Scored) rewards.get(i)).value());
            assertEquals(scored.deviation(), ((Scored) rewards.get(i)).deviation());
            assertEquals(scored.parts().keySet(), rewards.get(i).parts().keySet());
            assertEquals(scored.value(), ((Scored) there.score(samples.get(i))).value());
          }
          case Unscored unscored ->
              assertEquals(unscored.reason(), ((Unscored) rewards.get(i)).reason());
        }
      }
    }
  }

  @Test
  void moreThanABatchComesBackInItsOrder() {
    try (var served = Served.of(RewardSpec.of("lengths", new Lengths()));
        var client = new RewardClient(served.uri("/"))) {
      List<Sample> samples = new ArrayList<>();
      for (int i = 1; i <= 1500; i++) samples.add(Sample.of("", "x".repeat(i % 7 + 1)));
      List<Reward> rewards = client.of(samples);
      for (int i = 1; i <= 1500; i++) {
        assertEquals(4400 + 10.0 * (i % 7 + 1), ((Scored) rewards.get(i - 1)).value());
      }
    }
  }

  @Test
  void aBusyServerIsAskedAgainUnderTheSameKey() throws Exception {
    try (var flaky = new Flaky(0, 429, 503);
        var client = new RewardClient(URI.create(flaky.url()), "k", "r", Duration.ofSeconds(20))) {
      assertEquals(0.5, ((Scored) client.of(SAMPLE)).value());
      assertEquals(4, flaky.keys.size());
      assertEquals(1, Set.copyOf(flaky.keys).size());
      assertEquals("Bearer k", flaky.authorizations.getFirst());
    }
  }

  @Test
  void aServerThatIsAwayLeavesEverythingUnscored() {
    try (var client =
        new RewardClient(URI.create("http://localhost:1"), "", "r", Duration.ofMillis(300))) {
      var unscored = assertInstanceOf(Unscored.class, client.of(SAMPLE));
      assertEquals("remote", unscored.kind());
    }
  }

  @Test
  void aRefusalForGoodIsTheUsersError() throws Exception {
    try (var flaky = new Flaky(401);
        var client = new RewardClient(URI.create(flaky.url()))) {
      var e = assertThrows(GoodhartException.class, () -> client.of(SAMPLE));
      assertTrue(e.getMessage().endsWith("/v1/rewards: HTTP 401: busy"), e.getMessage());
      assertEquals(1, flaky.keys.size());
    }
    assertThrows(GoodhartException.class, () -> new RewardClient(URI.create("localhost:8000")));
  }

  @Test
  void theExampleRuns() throws Exception {
    try (var served = Served.yaml("signals: { correct: { match: {} } }")) {
      Process example =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  Path.of("..", "clients", "RemoteReward.java").toString(),
                  served.uri("").toString())
              .redirectErrorStream(true)
              .start();
      example.getOutputStream().close();
      List<String> lines =
          new String(example.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();

      assertEquals(0, example.waitFor(), lines.toString());
      assertTrue(lines.get(0).startsWith("Scored[value=1.0"), lines.toString());
      assertTrue(lines.get(1).startsWith("Scored[value=0.0"), lines.toString());
      assertTrue(lines.get(2).startsWith("Unscored[reason=no reference"), lines.toString());
    }
  }
}
