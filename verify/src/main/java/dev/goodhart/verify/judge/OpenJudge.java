package dev.goodhart.verify.judge;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A judge with its connection. A batch is heard on as many virtual threads as it has samples; the
 * server's {@code concurrency} holds however many threads score.
 */
public final class OpenJudge implements Signal {
  private static final System.Logger LOG = System.getLogger(OpenJudge.class.getName());

  private final String name;
  private final Chat chat;
  private final Marks marks;
  private final Function<Hearing, Reward> ruling;
  private final Workers workers = Workers.waiting();

  OpenJudge(String name, ChatServer server, Function<Hearing, Reward> ruling) {
    this.name = name;
    this.chat = new Chat(server, System::getenv);
    this.marks = server.cache().map(Marks::in).orElseGet(Marks::fresh);
    this.ruling = ruling;
  }

  @Override
  public Reward of(Sample sample) {
    Hearing hearing = new Hearing(chat, marks, sample);
    Reward reward;
    try {
      reward = ruling.apply(hearing);
    } catch (NoVerdictException e) {
      reward = new Unscored(e.reason());
    }
    if (reward instanceof Unscored missing) {
      chat.tally.count(missing);
    }
    chat.tally.add(hearing.tally());
    Map<String, Reward> parts = new LinkedHashMap<>(reward.parts());
    parts.putAll(hearing.costs());
    return reward.withParts(parts);
  }

  @Override
  public List<Reward> of(List<Sample> batch) {
    return workers.all(batch, this::of);
  }

  /** What the judge has cost so far. */
  public Usage usage() {
    return chat.tally.usage();
  }

  @Override
  public void close() {
    workers.close();
    chat.close();
    Usage usage = usage();
    if (usage.questions() > 0) {
      LOG.log(System.Logger.Level.INFO, "{0} {1}: {2}", name, chat.server().model(), usage);
    }
  }

  /** A reward's parts in their order. */
  static Scored scored(double value, Map<String, Double> parts) {
    Map<String, Reward> rewards = new LinkedHashMap<>();
    parts.forEach((part, number) -> rewards.put(part, Reward.of(number)));
    return new Scored(value, java.util.OptionalDouble.empty(), rewards);
  }
}
