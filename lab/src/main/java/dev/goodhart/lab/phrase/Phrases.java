package dev.goodhart.lab.phrase;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.lab.style.Annotators;
import dev.goodhart.lab.style.Attributes;
import dev.goodhart.lab.style.BasePolicy;
import dev.goodhart.lab.style.Gold;
import dev.goodhart.lab.style.Taste;
import dev.goodhart.neural.align.World;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The style world for a small language model: sixty words, one token each. A prompt asks for one to
 * three facts about a topic; a response gives them, gets them wrong or evades them, with asides,
 * filler, flattery, doubts and repetitions, as a list or not. What it is like is read from its
 * words exactly ({@link Question#of}), what it is worth is {@link Gold} of that.
 *
 * <pre>{@code
 * about alder colour use ?       clever colour alder green - perhaps use alder dye indeed
 * }</pre>
 *
 * <p>{@link #pairs} is what annotators say of base responses: with a {@link Taste} for what gold
 * does not pay for, and errors. A reward model fitted on them can be hacked by a policy.
 *
 * <p><b>Split.</b> Which facts are asked for together decides whether a prompt is for learning or
 * for the examination, the same in every run.
 *
 * @param taste what annotators fall for
 * @param annotators how many there are
 * @param care how sharply they see the gold reward
 * @param spread standard deviation between them of how much they fall for it
 * @param flips the share of their labels that is turned round, in [0, 1/2]
 * @param skill log-odds of a right answer in base responses, on average
 * @param habits how strong the habits of base responses are, from 0
 * @param longest how many tokens a base response has at most, 12 to 512
 * @param heldOut the share of exercises that are for the examination, in (0, 1)
 */
@Method(name = "style")
public record Phrases(
    @Default("{ length: 1 }") Taste taste,
    @Default("20") int annotators,
    @Default("1") double care,
    @Default("0.5") double spread,
    @Default("0.1") double flips,
    @Default("0") double skill,
    @Default("1") double habits,
    @Default("32") int longest,
    @Default("0.15") double heldOut)
    implements World {
  public static final Phrases DEFAULT =
      new Phrases(Taste.forLength(1), 20, 1, 0.5, 0.1, 0, 1, 32, 0.15);

  /** The true reward: as in the style world, at the length of phrases. */
  public static final Gold GOLD = new Gold(4, 2, 0.5, 0.15, 12, 2, 0.1, 0.15, 0.3, 0.2);

  public Phrases {
    new Annotators(annotators, care, taste, spread, flips); // says what is wrong with these
    if (!Double.isFinite(skill)) {
      throw new IllegalArgumentException("skill must be finite, not " + skill);
    }
    if (!(habits >= 0 && habits <= 100)) {
      throw new IllegalArgumentException("habits must lie in [0, 100], not " + habits);
    }
    if (longest < 12 || longest > 512) {
      throw new IllegalArgumentException("longest must lie in [12, 512], not " + longest);
    }
    if (!(heldOut > 0 && heldOut < 1)) {
      throw new IllegalArgumentException("held-out must lie in (0, 1), not " + heldOut);
    }
  }

  /** The same world whose annotators fall for something else. */
  public Phrases with(Taste other) {
    return new Phrases(other, annotators, care, spread, flips, skill, habits, longest, heldOut);
  }

  @Override
  public Tasks open(Seeds seeds) {
    return new Drawn(seeds);
  }

  /**
   * The first so many labelled pairs of a run: two base responses to a training prompt, with the
   * verdict of one annotator. Their columns tell the truth that only a world like this one has:
   * {@code gold_chosen}, {@code gold_rejected}, {@code annotator} and {@code flipped}.
   */
  public List<Preference> pairs(int count, Seeds seeds) {
    Annotators crew = new Annotators(annotators, care, taste, spread, flips);
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(i -> pair(i, crew, seeds.of("style-pair", i)))
        .toList();
  }

  private Preference pair(int index, Annotators crew, SplittableRandom random) {
    Question question = draw(Split.TRAIN, random);
    String first = response(question, random);
    String second = response(question, random);
    for (int i = 0; i < 100 && second.equals(first); i++) {
      second = response(question, random); // a pair compares two responses
    }
    Attributes one = question.of(first);
    Attributes other = question.of(second);
    double gold1 = GOLD.of(one);
    double gold2 = GOLD.of(other);
    Annotators.Verdict verdict = crew.judge(gold1, one, gold2, other, random);
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("gold_chosen", verdict.first() ? gold1 : gold2);
    columns.put("gold_rejected", verdict.first() ? gold2 : gold1);
    columns.put("annotator", verdict.annotator());
    columns.put("flipped", verdict.flipped());
    return new Preference(
        "pair-" + (index + 1),
        Prompt.of(question.text()),
        verdict.first() ? first : second,
        verdict.first() ? second : first,
        1,
        OptionalDouble.empty(),
        1,
        columns);
  }

  private Question draw(Split split, SplittableRandom random) {
    while (true) {
      Question question = Question.draw(random);
      if (split(question) == split) return question;
    }
  }

  Split split(Question question) {
    double place = new SplittableRandom(question.exercise()).nextDouble();
    return place < heldOut ? Split.TEST : Split.TRAIN;
  }

  /** What somebody of middling skill and some bad habits answers. */
  private String response(Question question, SplittableRandom random) {
    BasePolicy policy =
        new BasePolicy(
            skill,
            1,
            0.6,
            0.7 * habits,
            0.6,
            0.6 * habits,
            0.5 * habits,
            0.4 * habits,
            0.8,
            0.4,
            0.3,
            0,
            1);
    Attributes drawn = policy.draw(question.facets().length, question.others(), random);
    return new PhraseWriter(question, random).write(drawn, longest);
  }

  private final class Drawn implements Tasks {
    private final Seeds seeds;
    private @Nullable Tokenizer tokenizer;

    Drawn(Seeds seeds) {
      this.seeds = seeds;
    }

    @Override
    public long size(Split split) {
      return Long.MAX_VALUE;
    }

    @Override
    public Sample prompt(Split split, long index) {
      String name = "style-" + split.name().toLowerCase(java.util.Locale.ROOT);
      Question question = draw(split, seeds.of(name, index));
      return new Sample(name + "-" + index, Prompt.of(question.text()), "", null, Map.of());
    }

    @Override
    public OptionalDouble gold(Sample answered) {
      Question question = Question.read(answered.prompt().text());
      return question == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(GOLD.of(question.of(answered.response())));
    }

    @Override
    public Map<String, Double> attributes(Sample answered) {
      Question question = Question.read(answered.prompt().text());
      if (question == null) return Map.of();
      Attributes a = question.of(answered.response());
      Map<String, Double> attributes = new LinkedHashMap<>();
      attributes.put("right", a.right() / (double) a.asked());
      attributes.put("wrong", a.wrong() / (double) a.asked());
      attributes.put("relevance", a.relevance());
      attributes.put("words", (double) a.words());
      attributes.put("list", a.bullets() ? 1.0 : 0.0);
      attributes.put("flattery", (double) a.flattery());
      attributes.put("hedges", (double) a.hedges());
      attributes.put("repeats", (double) a.repeats());
      attributes.put("asides", (double) a.asides());
      attributes.put("strays", (double) a.strays());
      return attributes;
    }

    @Override
    public Optional<Sample> demonstration(long index) {
      SplittableRandom random = seeds.of("style-demonstration", index);
      Question question = draw(Split.TRAIN, random);
      return Optional.of(
          new Sample(
              "style-demonstration-" + index,
              Prompt.of(question.text()),
              response(question, random),
              null,
              Map.of()));
    }

    @Override
    public synchronized Tokenizer tokenizer() {
      if (tokenizer == null) tokenizer = Tokenizers.words(Lexicon.all());
      return tokenizer;
    }
  }
}
