package dev.goodhart.lab.style;

import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.lab.style.Almanac.Topic;
import dev.goodhart.run.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A world of prompts and responses in plain text whose true reward is known: where a learned reward
 * model can be caught being wrong. Prompts ask for facts about made-up things; responses give them,
 * get them wrong or evade them, in a style of their own; {@link Gold} says what each is worth,
 * {@link Annotators} what people with a weakness for long answers say it is worth.
 *
 * <p>All draws come from streams of the given {@link Seeds}, one for each pair and each prompt, so
 * that the first thousand pairs are the same whether a thousand or a million are drawn.
 *
 * @param topics how many things there are to ask about
 * @param almanac the seed of what is true of them; part of the world, not of a run
 * @param gold the true reward
 * @param policy who writes responses
 * @param annotators who compares them
 */
public record StyleWorld(
    int topics, long almanac, Gold gold, BasePolicy policy, Annotators annotators) {
  public static final StyleWorld DEFAULT =
      new StyleWorld(60, 1, Gold.DEFAULT, BasePolicy.DEFAULT, Annotators.DEFAULT);

  public StyleWorld {
    if (topics < 2 || topics > 2000) {
      throw new IllegalArgumentException("topics must lie in [2, 2000], not " + topics);
    }
  }

  public StyleWorld with(Gold other) {
    return new StyleWorld(topics, almanac, other, policy, annotators);
  }

  public StyleWorld with(BasePolicy other) {
    return new StyleWorld(topics, almanac, gold, other, annotators);
  }

  public StyleWorld with(Annotators other) {
    return new StyleWorld(topics, almanac, gold, policy, other);
  }

  /** The world ready to draw from. */
  public Draws open() {
    return new Draws(this);
  }

  /** A response with what is true of it. */
  public record Response(String text, Attributes attributes, double gold) {}

  /** A prompt with what it asks for. */
  public static final class Question {
    private final String text;
    private final Topic topic;
    private final int[] facets;

    private Question(String text, Topic topic, int[] facets) {
      this.text = text;
      this.topic = topic;
      this.facets = facets;
    }

    public String text() {
      return text;
    }

    /** How many facts are known of its topic that it does not ask for. */
    public int others() {
      return topic.kind().facets().size() - facets.length;
    }

    /** How many facts it asks for. */
    public int asked() {
      return facets.length;
    }
  }

  /** Draws from an open world. Safe to call from several threads. */
  public static final class Draws {
    private final StyleWorld world;
    private final Almanac almanac;
    private final Writer writer;

    private Draws(StyleWorld world) {
      this.world = world;
      this.almanac = new Almanac(world.topics, world.almanac);
      this.writer = new Writer(almanac);
    }

    /** A question for two to four facts about one thing. */
    public Question question(SplittableRandom random) {
      Topic topic = almanac.draw(random);
      int[] all = IntStream.range(0, topic.kind().facets().size()).toArray();
      Writer.shuffle(all, random);
      int[] facets = java.util.Arrays.copyOf(all, 2 + random.nextInt(3));
      return new Question(writer.ask(topic, facets, random), topic, facets);
    }

    /** What the base policy answers. */
    public Response response(Question question, SplittableRandom random) {
      return written(
          question, world.policy.draw(question.asked(), question.others(), random), random);
    }

    /** A response with these attributes, whose words are counted anew. */
    public Response written(Question question, Attributes wanted, SplittableRandom random) {
      if (wanted.asked() != question.asked() || wanted.asides() > question.others()) {
        throw new IllegalArgumentException(
            "a question for %d facts, with %d more to know, has no response with %s"
                .formatted(question.asked(), question.others(), wanted));
      }
      String text = writer.answer(question.topic, question.facets, wanted, random);
      Attributes attributes = wanted.withWords(Writer.words(text));
      return new Response(text, attributes, world.gold.of(attributes));
    }

    /** The question of the index-th evaluation prompt, never the stream of a training pair. */
    public Question question(Seeds seeds, long index) {
      return question(seeds.of("style/prompt", index));
    }

    /** So many responses of the base policy to the index-th evaluation prompt. */
    public List<Response> responses(Question question, int count, Seeds seeds, long index) {
      SplittableRandom random = seeds.of("style/response", index);
      return java.util.stream.Stream.generate(() -> response(question, random))
          .limit(count)
          .toList();
    }

    /** The first {@code count} labelled pairs of a run. */
    public List<Preference> pairs(int count, Seeds seeds) {
      return IntStream.range(0, count)
          .parallel()
          .mapToObj(i -> pair(i, seeds.of("style/pair", i)))
          .toList();
    }

    /**
     * One pair of base responses to one question, with the verdict of one annotator. Its columns
     * tell the truth that only a world like this one has: {@code gold_chosen}, {@code
     * gold_rejected}, {@code annotator} and {@code flipped}.
     */
    private Preference pair(int index, SplittableRandom random) {
      Question question = question(random);
      Response first = response(question, random);
      Response second = response(question, random);
      while (second.text.equals(first.text)) {
        second = response(question, random); // a pair compares two responses
      }
      Annotators.Verdict verdict =
          world.annotators.judge(
              first.gold, first.attributes, second.gold, second.attributes, random);
      Response chosen = verdict.first() ? first : second;
      Response rejected = verdict.first() ? second : first;
      Map<String, Object> columns = new LinkedHashMap<>();
      columns.put("gold_chosen", chosen.gold);
      columns.put("gold_rejected", rejected.gold);
      columns.put("annotator", verdict.annotator());
      columns.put("flipped", verdict.flipped());
      return new Preference(
          "pair-" + (index + 1),
          Prompt.of(question.text),
          chosen.text,
          rejected.text,
          1,
          OptionalDouble.empty(),
          1,
          columns);
    }
  }
}
