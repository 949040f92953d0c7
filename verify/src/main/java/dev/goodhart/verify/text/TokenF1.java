package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many words the response shares with the best of its references: SQuAD's F1, in [0, 1]. For
 * answers of a few words, where nearly right is worth something.
 *
 * <p>F1 = 2 P R / (P + R) with P the share of the response's words that the reference has, R the
 * share of the reference's words that the response has, both counted with multiplicity after
 * SQuAD's normalisation. Parts {@code precision} and {@code recall} of that best reference.
 *
 * <p>Unscored without a reference.
 *
 * @param within which part of the response is the answer
 * @param column that holds the references; the sample's own reference if it is not given
 */
@Method(name = "f1")
public record TokenF1(@Default("response") Within within, Optional<String> column)
    implements Verifier {

  /** Of the whole response with the sample's reference. */
  public TokenF1() {
    this(Within.RESPONSE, Optional.empty());
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.of(
        sample,
        within,
        column,
        (text, references) -> {
          Scored best = overlap(text, references.getFirst());
          for (String reference : references.subList(1, references.size())) {
            Scored next = overlap(text, reference);
            best = next.value() > best.value() ? next : best;
          }
          return best;
        });
  }

  private static Scored overlap(String text, String reference) {
    Squad squad = Squad.leaving(reference);
    List<String> given = squad.words(text);
    List<String> wanted = squad.words(reference);
    if (given.isEmpty() && wanted.isEmpty()) {
      return OverlapScore.of(1, 1); // SQuAD 2: the right answer is none
    }
    Map<String, Integer> left = new HashMap<>();
    wanted.forEach(word -> left.merge(word, 1, Integer::sum));
    int shared = 0;
    for (String word : given) {
      Integer count = left.get(word);
      if (count != null && count > 0) {
        left.put(word, count - 1);
        shared++;
      }
    }
    return shared == 0
        ? OverlapScore.of(0, 0)
        : OverlapScore.of((double) shared / given.size(), (double) shared / wanted.size());
  }
}
