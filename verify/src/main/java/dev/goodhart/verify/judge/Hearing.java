package dev.goodhart.verify.judge;

import dev.goodhart.Message;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** One sample before the judge: what is asked about it, and what that costs. */
final class Hearing {
  private final Chat chat;
  private final Marks marks;
  private final Sample sample;
  private final Tally tally = new Tally();

  Hearing(Chat chat, Marks marks, Sample sample) {
    this.chat = chat;
    this.marks = marks;
    this.sample = sample;
  }

  Sample sample() {
    return sample;
  }

  Tally tally() {
    return tally;
  }

  /**
   * Puts a question and gives back the verdict as the judge wrote it.
   *
   * @param others texts beside the sample's own, by placeholder
   * @param answer how to answer, {@code %s} where the mark goes
   * @throws NoVerdictException if there is none
   */
  String ask(
      Optional<String> system, Template template, Map<String, String> others, String answer) {
    Template.Filled question = filled(template, others, answer);
    Reply reply = chat.ask(messages(system, question.text()), 0, tally);
    return Verdicts.of(reply, question.mark());
  }

  /** Puts a question that one token answers, and gives back the likeliest tokens. */
  List<Reply.Candidate> candidates(
      Optional<String> system, Template template, String answer, int most) {
    Template.Filled question = filled(template, Map.of(), answer);
    Reply reply = chat.ask(messages(system, question.text()), most, tally);
    if (!reply.refusal().isEmpty()) {
      throw new NoVerdictException("judge refused: " + Verdicts.excerpt(reply.refusal()));
    }
    if (reply.first().isEmpty()) {
      throw new NoVerdictException(
          "judge gave no logprobs: the server has to support logprobs and top_logprobs");
    }
    return reply.first();
  }

  private Template.Filled filled(Template template, Map<String, String> others, String answer) {
    return template.fill(
        marks,
        name -> others.containsKey(name) ? others.get(name) : text(name),
        answer,
        chat.server().maxCharacters());
  }

  private static List<Message> messages(Optional<String> system, String question) {
    List<Message> messages = new ArrayList<>();
    system.ifPresent(text -> messages.add(new Message("system", text)));
    messages.add(Message.user(question));
    return messages;
  }

  /** The sample's prompt, response or reference, or a column. */
  private String text(String name) {
    return switch (name) {
      case "prompt" -> sample.prompt().text();
      case "response" -> sample.response();
      case "reference" -> {
        String reference = sample.reference();
        yield reference == null ? column(name) : reference;
      }
      default -> column(name);
    };
  }

  private String column(String name) {
    Object value = sample.columns().get(name);
    if (value == null) {
      throw new NoVerdictException("nothing to show the judge: the sample has no '" + name + "'");
    }
    return value instanceof String text ? text : Completion.JSON.writeValueAsString(value);
  }

  /** Several questions at once; the first that has no answer leaves its exception in its place. */
  <T> List<Result<T>> together(List<Callable<T>> questions) {
    List<Callable<Result<T>>> asked = new ArrayList<>();
    for (Callable<T> question : questions) {
      asked.add(
          () -> {
            try {
              return new Result.Answer<>(question.call());
            } catch (NoVerdictException none) {
              return new Result.None<>(none);
            }
          });
    }
    try (Workers threads = Workers.waiting()) {
      return threads.all(asked);
    }
  }

  /** What came of one of several questions. */
  sealed interface Result<T> {
    /** An answer. */
    record Answer<T>(T value) implements Result<T> {}

    /** None, and why. */
    record None<T>(NoVerdictException why) implements Result<T> {}

    /**
     * The answer.
     *
     * @throws NoVerdictException if there is none
     */
    default T get() {
      return switch (this) {
        case Answer<T>(T value) -> value;
        case None<T>(NoVerdictException why) -> throw why;
      };
    }
  }

  /** Requests and tokens of this sample, as parts of its reward. */
  Map<String, Reward> costs() {
    Map<String, Reward> costs = new LinkedHashMap<>();
    Usage usage = tally.usage();
    costs.put("questions", Reward.of(usage.questions()));
    costs.put("cached", Reward.of(usage.cached()));
    costs.put("requests", Reward.of(usage.requests()));
    costs.put("prompt-tokens", Reward.of(usage.promptTokens()));
    costs.put("completion-tokens", Reward.of(usage.completionTokens()));
    return costs;
  }
}
