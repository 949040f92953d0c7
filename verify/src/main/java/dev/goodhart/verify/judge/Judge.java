package dev.goodhart.verify.judge;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rewards a response with a language model's rating of it, for what no rule can check.
 *
 * <pre>{@code reward = (rating − min) / (max − min)}</pre>
 *
 * <p>from 0 to 1; the part {@code rating} is as the judge gave it, {@code questions}, {@code
 * cached}, {@code requests}, {@code prompt-tokens} and {@code completion-tokens} are what it cost.
 * Unscored where the judge gave no rating within the bounds, with what happened.
 *
 * <p>What is judged may speak to the judge, but not for it: it stands between delimiters that its
 * author cannot know, and only a line of the judge's own reply that begins with the question's mark
 * is a verdict. What the text persuades the judge of is another matter: audit it.
 *
 * @param server who judges
 * @param question that the rating answers
 * @param min the worst rating
 * @param max the best rating
 * @param template what the judge is told, with {@code {prompt}}, {@code {response}}, {@code
 *     {reference}} or {@code {column}} where the sample's texts go, and {@code {question}}
 * @param system a system message
 */
@Method(name = "judge")
public record Judge(
    ChatServer server,
    @Default("How good is the response? Is it correct, complete and helpful?") String question,
    @Default("1") double min,
    @Default("10") double max,
    Optional<String> template,
    Optional<String> system)
    implements Signal {
  private static final String TEMPLATE =
      """
      Judge a response to a task.

      The task:
      {prompt}

      The response:
      {response}

      {question}
      """;

  public Judge {
    if (!(min < max && Math.abs(min) <= 1e6 && Math.abs(max) <= 1e6)) {
      throw new IllegalArgumentException(
          "min: expected a number below max, found " + min + " and " + max);
    }
    template.ifPresent(text -> Template.check(text, "response"));
  }

  @Override
  public OpenJudge open() {
    Template asked = new Template(template.orElse(TEMPLATE).replace("{question}", question));
    String answer =
        "Say in a few sentences what you go by. Then end with a line of its own: the mark %s, a"
            + " colon, and your rating as a number from "
            + Verdicts.plain(min)
            + " (worst) to "
            + Verdicts.plain(max)
            + " (best).";
    return new OpenJudge(
        "judge",
        server,
        hearing -> {
          double rating = Verdicts.number(hearing.ask(system, asked, Map.of(), answer), min, max);
          Map<String, Double> parts = new LinkedHashMap<>();
          parts.put("rating", rating);
          return OpenJudge.scored((rating - min) / (max - min), parts);
        });
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
