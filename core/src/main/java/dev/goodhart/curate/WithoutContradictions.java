package dev.goodhart.curate;

import dev.goodhart.Method;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
    // For each unordered pair, the votes for the alphabetically first response and those against
    // it.
    Map<Key, double[]> votes = new HashMap<>();
    for (Preference p : preferences) {
      votes.computeIfAbsent(key(p), k -> new double[2])[vote(p) > 0 ? 0 : 1] += Math.abs(vote(p));
    }
    return preferences.stream()
        .filter(p -> !p.chosen().equals(p.rejected()))
        .filter(p -> vote(p) == 0 || wins(p, Objects.requireNonNull(votes.get(key(p)))))
        .toList();
  }

  private static boolean wins(Preference p, double[] votes) {
    double own = votes[vote(p) > 0 ? 0 : 1];
    double other = votes[vote(p) > 0 ? 1 : 0];
    return own - other
        > 1e-9 * (own + other); // 0.1 + 0.2 against 0.3 is a draw, whatever the last bit says
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
