package dev.goodhart.curate;

import dev.goodhart.Method;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Drops the pairs that the data itself disputes: A over B in one row and B over A in another, for
 * the same prompt. The side with the larger total weight stays; when both weigh the same, neither
 * does. A tie takes no side and stays. Pairs whose two responses are the same text go too: they say
 * nothing.
 */
@Method
public record WithoutContradictions() implements Curate {
  private record Key(Prompt prompt, String one, String other) {}

  @Override
  public List<Preference> of(List<Preference> preferences) {
    // For each unordered pair, the weight of the votes for the alphabetically first response minus
    // those against.
    Map<Key, Double> balance = new HashMap<>();
    for (Preference p : preferences) {
      balance.merge(key(p), vote(p), Double::sum);
    }
    return preferences.stream()
        .filter(p -> !p.chosen().equals(p.rejected()))
        .filter(p -> vote(p) == 0 || vote(p) * balance.getOrDefault(key(p), 0.0) > 0)
        .toList();
  }

  private static Key key(Preference p) {
    return p.chosen().compareTo(p.rejected()) <= 0
        ? new Key(p.prompt(), p.chosen(), p.rejected())
        : new Key(p.prompt(), p.rejected(), p.chosen());
  }

  /** Signed weight: positive for the alphabetically first response; a tie's is 0. */
  private static double vote(Preference p) {
    double side = p.chosen().compareTo(p.rejected()) <= 0 ? 1 : -1;
    return side * p.weight() * (2 * p.probability() - 1);
  }
}
