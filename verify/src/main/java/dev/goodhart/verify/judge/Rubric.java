package dev.goodhart.verify.judge;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;

/**
 * Rewards a response for meeting weighted criteria, each put to the judge as a question of its own:
 *
 * <pre>{@code reward = Σ w_i · met_i / Σ max(0, w_i)}</pre>
 *
 * <p>1 when everything wanted is met and nothing unwanted; below 0 when unwanted things (negative
 * weights) outweigh, unless it is clipped. Where all weights are negative the divisor is {@code Σ
 * |w_i|}, and 0 is best. The parts are the criteria's verdicts, 1 or 0, by name or number.
 *
 * <p>Unscored where one criterion has no verdict; the others' are kept as parts.
 *
 * @param server who judges
 * @param criteria the same for every sample
 * @param column with a list of criteria of the sample's own, each a text or a mapping with {@code
 *     criterion}, {@code text}, {@code description} or {@code title} and {@code weight} or {@code
 *     points}; they come after those of the spec
 * @param clip whether a reward below 0 becomes 0
 * @param template what the judge is told, with {@code {prompt}}, {@code {response}}, {@code
 *     {criterion}} and columns
 * @param system a system message
 */
@Method(name = "rubric")
public record Rubric(
    ChatServer server,
    @Default("[]") List<Criterion> criteria,
    Optional<String> column,
    @Default("false") boolean clip,
    Optional<String> template,
    Optional<String> system)
    implements Signal {
  private static final int MOST = 64;

  private static final String TEMPLATE =
      """
      Say whether a response to a task meets a criterion.

      The task:
      {prompt}

      The response:
      {response}

      The criterion:
      {criterion}

      Does the response meet it? Some criteria name something bad: say whether it is there, not \
      whether you like it.
      """;

  private static final String ANSWER =
      "Say in a sentence or two what you go by. Then end with a line of its own: the mark %s, a"
          + " colon, and YES or NO.";

  public Rubric {
    criteria = List.copyOf(criteria);
    if (criteria.isEmpty() && column.isEmpty()) {
      throw new IllegalArgumentException(
          "criteria: expected at least one, or a column that holds the sample's own");
    }
    if (criteria.size() > MOST) {
      throw new IllegalArgumentException("criteria: at most " + MOST);
    }
    template.ifPresent(text -> Template.check(text, "response", "criterion"));
  }

  @Override
  public OpenJudge open() {
    Template asked = new Template(template.orElse(TEMPLATE));
    return new OpenJudge("rubric", server, hearing -> reward(hearing, asked));
  }

  private Reward reward(Hearing hearing, Template asked) {
    List<Criterion> all = new ArrayList<>(criteria);
    column.ifPresent(name -> all.addAll(RubricColumn.of(hearing.sample(), name)));
    double best = 0;
    double worst = 0;
    for (Criterion criterion : all) {
      best += Math.max(0, criterion.weight());
      worst += Math.max(0, -criterion.weight());
    }
    if (all.isEmpty() || all.size() > MOST || best + worst == 0) {
      throw new NoVerdictException(
          "no rubric: "
              + all.size()
              + " criteria, expected 1 to "
              + MOST
              + ", one at least with a weight");
    }
    List<Callable<Boolean>> questions = new ArrayList<>();
    all.forEach(criterion -> questions.add(() -> met(hearing, asked, criterion)));
    List<Hearing.Result<Boolean>> results = hearing.together(questions);
    Map<String, Reward> parts = new LinkedHashMap<>();
    String missing = null;
    double sum = 0;
    for (int i = 0; i < all.size(); i++) {
      String name = all.get(i).name().isBlank() ? Integer.toString(i + 1) : all.get(i).name();
      String part = parts.containsKey(name) ? name + "-" + (i + 1) : name;
      switch (results.get(i)) {
        case Hearing.Result.Answer<Boolean>(Boolean met) -> {
          sum += met ? all.get(i).weight() : 0;
          parts.put(part, Reward.of(met ? 1 : 0));
        }
        case Hearing.Result.None<Boolean>(NoVerdictException why) -> {
          missing = missing == null ? why.reason() + ", of criterion " + part : missing;
          parts.put(part, new Unscored(why.reason()));
        }
      }
    }
    if (missing != null) {
      return new Unscored(missing, parts);
    }
    double reward = sum / (best > 0 ? best : worst);
    return new Scored(clip ? Math.max(0, reward) : reward, OptionalDouble.empty(), parts);
  }

  private boolean met(Hearing hearing, Template asked, Criterion criterion) {
    String verdict = hearing.ask(system, asked, Map.of("criterion", criterion.text()), ANSWER);
    return switch (verdict) {
      case "yes" -> true;
      case "no" -> false;
      default ->
          throw new NoVerdictException(
              "judge gave no verdict: neither YES nor NO, " + Verdicts.excerpt(verdict));
    };
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
