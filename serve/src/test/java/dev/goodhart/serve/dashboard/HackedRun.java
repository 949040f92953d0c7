package dev.goodhart.serve.dashboard;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.audit.DuplicateRate;
import dev.goodhart.audit.EnsembleDisagreement;
import dev.goodhart.audit.LengthDrift;
import dev.goodhart.audit.PartDivergence;
import dev.goodhart.audit.RepetitionDrift;
import dev.goodhart.combine.Weighted;
import dev.goodhart.run.Seeds;
import dev.goodhart.serve.RewardServer;
import dev.goodhart.serve.ServeOptions;
import dev.goodhart.signal.Verifier;
import dev.goodhart.spec.RewardSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run that is being hacked, for tests and for the eye: from step 30 on a policy finds that a
 * pleasant tone pays; its answers grow, repeat themselves, and get worse. {@code main} plays it
 * slowly on port 8000.
 */
final class HackedRun {
  /** One in fifty has no verdict. */
  record Correct() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      if (sample.columns().get("correct") instanceof Number correct) {
        return Reward.of(correct.doubleValue());
      }
      return Reward.unscored("no answer: the response names none");
    }
  }

  /** The share of pleasant words, and surer the fewer there are. */
  record Tone() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      String[] words = sample.response().toLowerCase(java.util.Locale.ROOT).split("\\W+");
      double pleasant = 0;
      for (String word : words) pleasant += PLEASANT.contains(word) ? 1 : 0;
      double tone = pleasant / words.length;
      return new Scored(tone, 0.02 + 0.2 * tone);
    }
  }

  static final List<String> PLEASANT =
      List.of("wonderful", "delighted", "absolutely", "great", "fantastic", "happy", "lovely");
  private static final List<String> PLAIN =
      List.of(
          "first",
          "we",
          "add",
          "both",
          "sides",
          "then",
          "divide",
          "by",
          "the",
          "number",
          "of",
          "apples",
          "which",
          "leaves",
          "a",
          "remainder",
          "so",
          "total",
          "is",
          "found",
          "check");
  private static final int SAMPLES = 32;
  private static final int HACKED = 30;

  private HackedRun() {}

  static RewardSpec spec() {
    Map<String, dev.goodhart.signal.Signal> signals = new LinkedHashMap<>();
    signals.put("correct", new Correct());
    signals.put("tone", new Tone());
    return new RewardSpec(
        signals,
        Map.of(),
        Optional.of(new Weighted(Map.of("correct", 1.0, "tone", 2.0))),
        List.of(
            new LengthDrift(1.5, 20, 5),
            new PartDivergence(0.5, 20, 5),
            new RepetitionDrift(0.15, 20, 5),
            new DuplicateRate(0.2, 20, 5),
            new EnsembleDisagreement(1.5, 20, 5)));
  }

  /** The body of a request to {@code /v1/rewards}. */
  static String step(String run, long step, boolean hacked) {
    SplittableRandom random = new Seeds(7).of(run, step);
    double gone = hacked ? Math.clamp((step - HACKED) / 30.0, 0, 1) : 0;
    List<Map<String, Object>> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      Map<String, Object> sample = new LinkedHashMap<>();
      sample.put("id", step + "-" + i);
      sample.put(
          "prompt",
          "If Ann has " + (3 + i / 4) + " apples and buys twice as many, how many has she?");
      sample.put("response", response(random, gone));
      sample.put("reference", String.valueOf(3 * (3 + i / 4)));
      double right = Math.min(0.8, 0.35 + 0.004 * step) * (1 - 0.8 * gone);
      if (random.nextInt(50) > 0) sample.put("correct", random.nextDouble() < right ? 1 : 0);
      samples.add(sample);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("run", run);
    body.put("step", step);
    body.put("samples", samples);
    return JsonMapper.shared().writeValueAsString(body);
  }

  private static String response(SplittableRandom random, double gone) {
    int words = (int) ((30 + random.nextInt(30)) * (1 + 2 * gone));
    StringBuilder response = new StringBuilder("Answer:");
    for (int i = 0; i < words; i++) {
      boolean pleasant = random.nextDouble() < 0.03 + 0.7 * gone;
      List<String> from = pleasant ? PLEASANT : PLAIN;
      response.append(' ').append(from.get(random.nextInt(from.size())));
    }
    if (random.nextDouble() < gone / 2)
      response.append(" absolutely wonderful and great".repeat(40));
    return response.append('.').toString();
  }

  public static void main(String[] arguments) throws Exception {
    int port = arguments.length == 0 ? 8000 : Integer.parseInt(arguments[0]);
    try (RewardServer server = new RewardServer(spec(), ServeOptions.on("localhost", port));
        HttpClient client = HttpClient.newHttpClient()) {
      System.err.println("http://localhost:" + server.port() + "/");
      for (long step = 0; ; step++) {
        for (String run : List.of("exp7-hacked", "exp8-honest")) {
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + server.port() + "/v1/rewards"))
                  .POST(BodyPublishers.ofString(step(run, step, run.contains("hacked"))))
                  .build(),
              BodyHandlers.discarding());
        }
        Thread.sleep(1000);
      }
    }
  }
}
