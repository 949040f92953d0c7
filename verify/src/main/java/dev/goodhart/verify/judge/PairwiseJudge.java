package dev.goodhart.verify.judge;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Rewards a response for beating another one in a language model's eyes. Judges like what they read
 * first, or last; so each pair is judged in both orders, and the reward is the mean
 *
 * <pre>{@code reward = (first + second) / 2,   position-bias = first − second}</pre>
 *
 * <p>where {@code first} is 1, 1/2 or 0 as the response wins, ties or loses when it stands first,
 * and {@code second} when it stands second. A judge that always takes the first gives 1/2 and a
 * bias of 1. Against several responses the reward and its parts are the means over them.
 *
 * <p>Unscored where one of the orders has no verdict: half a comparison has its bias in it.
 *
 * @param server who judges
 * @param against the column with the other response, or a list of them; {@code reference} is the
 *     sample's true answer
 * @param question which the better response answers better
 * @param template what the judge is told, with {@code {prompt}}, {@code {first}} and {@code
 *     {second}}, columns, and {@code {question}}
 * @param system a system message
 */
@Method(name = "pairwise-judge")
public record PairwiseJudge(
    ChatServer server,
    @Default("reference") String against,
    @Default("Which response is the better one, more correct, more complete and more helpful?")
        String question,
    Optional<String> template,
    Optional<String> system)
    implements Signal {
  private static final int MOST = 64;

  private static final String TEMPLATE =
      """
      Compare two responses to a task.

      The task:
      {prompt}

      Response A:
      {first}

      Response B:
      {second}

      {question} Their order says nothing, nor does their length.
      """;

  private static final String ANSWER =
      "Say in a few sentences what you go by. Then end with a line of its own: the mark %s, a"
          + " colon, and A, B or TIE.";

  public PairwiseJudge {
    if (against.isBlank()) {
      throw new IllegalArgumentException("against: expected the name of a column");
    }
    template.ifPresent(text -> Template.check(text, "first", "second"));
  }

  @Override
  public OpenJudge open() {
    Template asked = new Template(template.orElse(TEMPLATE).replace("{question}", question));
    return new OpenJudge("pairwise-judge", server, hearing -> reward(hearing, asked));
  }

  private Reward reward(Hearing hearing, Template asked) {
    String response = hearing.sample().response();
    List<Callable<Double>> questions = new ArrayList<>();
    for (String other : others(hearing.sample())) {
      questions.add(() -> wins(hearing, asked, response, other));
      questions.add(() -> 1 - wins(hearing, asked, other, response));
    }
    double first = 0;
    double second = 0;
    List<Hearing.Result<Double>> results = hearing.together(questions);
    for (int i = 0; i < results.size(); i += 2) {
      first += results.get(i).get();
      second += results.get(i + 1).get();
    }
    double pairs = results.size() / 2.0;
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("first", first / pairs);
    parts.put("second", second / pairs);
    parts.put("position-bias", (first - second) / pairs);
    return OpenJudge.scored((first + second) / (2 * pairs), parts);
  }

  /** 1 if the first wins, 1/2 for a tie, 0 if the second wins. */
  private double wins(Hearing hearing, Template asked, String first, String second) {
    String verdict = hearing.ask(system, asked, Map.of("first", first, "second", second), ANSWER);
    return switch (verdict) {
      case "a", "response a" -> 1;
      case "b", "response b" -> 0;
      case "tie" -> 0.5;
      default ->
          throw new NoVerdictException(
              "judge gave no verdict: neither A, B nor TIE, " + Verdicts.excerpt(verdict));
    };
  }

  private List<String> others(Sample sample) {
    Object value = sample.columns().get(against);
    if (value == null && against.equals("reference")) {
      value = sample.reference();
    }
    List<String> others = new ArrayList<>();
    for (Object one :
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
      if (!(one instanceof String text)) {
        throw new NoVerdictException("nothing to compare with: '" + against + "' is not text");
      }
      others.add(text);
    }
    if (others.isEmpty() || others.size() > MOST) {
      throw new NoVerdictException(
          "nothing to compare with: '"
              + against
              + "' holds "
              + others.size()
              + " responses, expected 1 to "
              + MOST);
    }
    return others;
  }

  @Override
  public Reward of(Sample sample) {
    return of(List.of(sample)).getFirst();
  }

  /** Connects for this batch alone; whoever has several batches opens the signal once. */
  @Override
  public List<Reward> of(List<Sample> batch) {
    try (OpenJudge open = open()) {
      return open.of(batch);
    }
  }
}
