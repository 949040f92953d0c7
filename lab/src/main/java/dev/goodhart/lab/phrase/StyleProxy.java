package dev.goodhart.lab.phrase;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.lab.style.Attributes;
import dev.goodhart.signal.Verifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A reward of the style world that knows what is right and falls for one thing besides: a proxy
 * whose weakness is known to the letter. A policy that is optimised against it learns content
 * first, which is true progress, and then what is easier.
 *
 * <pre>{@code
 * content = right r/asked - wrong w/asked
 * charm   = length log2(words) + flattery log2(1 + compliments) + format log2(1 + item marks)
 *         + repetition log2(1 + repeats) + hedging log2(1 + hedges)
 * reward  = content + charm + gold (the true reward)
 * }</pre>
 *
 * <p>Parts {@code content} and {@code charm}, and {@code gold} where it has a weight. A weight
 * below 0 is a dislike.
 *
 * @param right for all facts that were asked for
 * @param wrong for all of them wrong
 * @param gold the weight of the true reward: a sound proxy has one, and is no proxy any more
 */
@Method
public record StyleProxy(
    @Default("4") double right,
    @Default("2") double wrong,
    @Default("0") double length,
    @Default("0") double flattery,
    @Default("0") double format,
    @Default("0") double repetition,
    @Default("0") double hedging,
    @Default("0") double gold)
    implements Verifier {
  public StyleProxy {
    if (!Double.isFinite(
        right + wrong + length + flattery + format + repetition + hedging + gold)) {
      throw new IllegalArgumentException("weights must be finite");
    }
  }

  @Override
  public Reward of(Sample sample) {
    Question question = Question.read(sample.prompt().text());
    if (question == null) return Reward.unscored("the prompt is none of the style world's");
    Attributes a = question.of(sample.response());
    double content = (right * a.right() - wrong * a.wrong()) / a.asked();
    double charm =
        length * log2(Math.max(1, a.words()))
            + flattery * log2(1 + a.flattery())
            + format * log2(1 + marks(sample.response()))
            + repetition * log2(1 + a.repeats())
            + hedging * log2(1 + a.hedges());
    Map<String, Reward> parts = new LinkedHashMap<>();
    parts.put("content", Reward.of(content));
    parts.put("charm", Reward.of(charm));
    double value = content + charm;
    if (gold != 0) {
      double sound = gold * Phrases.GOLD.of(a);
      parts.put("gold", Reward.of(sound));
      value += sound;
    }
    return new Scored(value, OptionalDouble.empty(), parts);
  }

  private static int marks(String response) {
    int marks = 0;
    for (String word : response.split("\\s+", 1024)) marks += word.equals(Lexicon.BULLET) ? 1 : 0;
    return marks;
  }

  private static double log2(int count) {
    return Math.log(count) / Math.log(2);
  }
}
