package dev.goodhart.verify.judge;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Rewards a response with the probability that a language model answers yes to a question about it:
 * one token, finer than a rating, and cheap.
 *
 * <pre>{@code reward = P(yes) / (P(yes) + P(no))}</pre>
 *
 * <p>over the likeliest first tokens, spelt in whatever case and with whatever white space. The
 * parts {@code yes} and {@code no} are the two masses. Unscored when the server gives no
 * log-probabilities, and when the two words together hold less than {@code mass}: then the model
 * was about to say something else.
 *
 * @param server who judges; its reply is one token, so a model that thinks first has to be told not
 *     to (with {@code extra})
 * @param question with yes or no for an answer
 * @param candidates how many of the likeliest tokens are asked for; servers have a limit
 * @param mass what yes and no must have together, at least
 * @param template what the judge is told, with {@code {prompt}}, {@code {response}}, {@code
 *     {reference}} or {@code {column}}, and {@code {question}}
 * @param system a system message
 */
@Method(name = "yes-probability")
public record YesProbability(
    ChatServer server,
    @Default("Is the response correct, complete and helpful?") String question,
    @Default("20") int candidates,
    @Default("0.5") double mass,
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

  private static final String ANSWER = "Answer with one word: Yes or No.";

  public YesProbability {
    if (candidates < 2 || candidates > 100) {
      throw new IllegalArgumentException(
          "candidates: expected a whole number from 2 to 100, found " + candidates);
    }
    if (!(mass > 0 && mass <= 1)) {
      throw new IllegalArgumentException(
          "mass: expected a number above 0, at most 1, found " + mass);
    }
    template.ifPresent(text -> Template.check(text, "response"));
  }

  @Override
  public OpenJudge open() {
    Template asked = new Template(template.orElse(TEMPLATE).replace("{question}", question));
    return new OpenJudge(
        "yes-probability",
        server,
        hearing -> reward(hearing.candidates(system, asked, ANSWER, candidates)));
  }

  Reward reward(List<Reply.Candidate> first) {
    double yes = 0;
    double no = 0;
    for (Reply.Candidate candidate : first) {
      // Byte-pair vocabularies mark a leading space with Ġ, SentencePiece's with ▁.
      String word = candidate.token().replaceAll("[Ġ▁\\s\\p{Punct}]", "").toLowerCase(Locale.ROOT);
      double probability = Math.exp(candidate.logprob());
      yes += word.equals("yes") ? probability : 0;
      no += word.equals("no") ? probability : 0;
    }
    if (!(yes + no >= mass)) {
      throw new NoVerdictException(
          "judge gave no verdict: yes and no have %.3f of the probability, the likeliest token is '%s'"
              .formatted(yes + no, Verdicts.excerpt(first.getFirst().token())));
    }
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("yes", yes);
    parts.put("no", no);
    return OpenJudge.scored(yes / (yes + no), parts);
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
