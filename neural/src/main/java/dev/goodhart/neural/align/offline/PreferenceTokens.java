package dev.goodhart.neural.align.offline;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.neural.align.Policy;
import dev.goodhart.neural.text.Disarmed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Preferences as a policy reads them: the prompt up to where its turn begins, the response with the
 * token that ends it. What a stranger wrote spells no special tokens.
 */
final class PreferenceTokens {
  private final Policy policy;
  private final int maxLength;
  private final Disarmed disarmed;
  private int dropped;

  /**
   * @param maxLength of prompt and response in tokens. Of a longer one the beginning of the prompt
   *     is left out; a pair with a response that is itself longer is dropped, since nobody knows
   *     how it ends
   */
  PreferenceTokens(Policy policy, int maxLength) {
    this.policy = policy;
    this.maxLength = Math.min(maxLength, policy.decoder().config().maxPositions());
    this.disarmed = Disarmed.of(policy.tokenizer());
    if (policy.eos().isEmpty()) {
      throw new GoodhartException("the model has no token that ends a response");
    }
  }

  /** How many pairs had a response that is too long. */
  int dropped() {
    return dropped;
  }

  /** The pairs that count, in order. */
  List<Pair> pairs(List<Preference> preferences) {
    List<Pair> pairs = new ArrayList<>();
    for (Preference preference : preferences) {
      if (preference.weight() == 0) continue;
      Optional<Answer> chosen = answer(preference.prompt(), preference.chosen());
      Optional<Answer> rejected = answer(preference.prompt(), preference.rejected());
      if (chosen.isEmpty() || rejected.isEmpty()) {
        dropped++;
        continue;
      }
      pairs.add(
          Pair.of(chosen.get(), rejected.get(), preference.probability(), preference.weight()));
    }
    return pairs;
  }

  private Optional<Answer> answer(Prompt prompt, String response) {
    int[] text = policy.tokenizer().encode(disarmed.of(response));
    int[] tokens = Arrays.copyOf(text, text.length + 1);
    tokens[text.length] = policy.eos().getFirst();
    if (tokens.length >= maxLength) return Optional.empty();
    int[] before = policy.prompts().of(0, prompt).tokens();
    int from = Math.max(0, before.length + tokens.length - maxLength);
    return Optional.of(new Answer(Arrays.copyOfRange(before, from, before.length), tokens));
  }

  /** The better responses; ties have none. */
  static List<Answer> better(List<Pair> pairs) {
    return pairs.stream()
        .filter(p -> p.probability() != 0.5)
        .map(p -> p.probability() > 0.5 ? p.chosen() : p.rejected())
        .toList();
  }

  /** Both responses of each pair on their own, beside those of the next pair as the others. */
  static List<Rated> rated(List<Pair> pairs) {
    List<Rated> rated = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      Pair next = pairs.get((i + 1) % pairs.size());
      int[] prompt = pair.chosen().prompt();
      rated.add(
          Rated.of(
              pair.chosen(),
              pair.probability(),
              pair.weight(),
              new Answer(prompt, next.chosen().tokens())));
      rated.add(
          Rated.of(
              pair.rejected(),
              1 - pair.probability(),
              pair.weight(),
              new Answer(prompt, next.rejected().tokens())));
    }
    return rated;
  }
}
