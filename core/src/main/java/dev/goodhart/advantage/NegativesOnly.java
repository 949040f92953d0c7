package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.Group;
import dev.goodhart.Method;
import java.util.List;

/**
 * Learns from what was worse than its group and from nothing else, so that a policy keeps its
 * variety for longer: pushing one answer down spreads its mass over all others in proportion,
 * pushing one up takes from all others at once. The variants of GRPO and GSPO that are called -N.
 *
 * <pre>{@code A'_i = min(A_i, 0)}</pre>
 *
 * <p>When you would want it: entropy collapses long before accuracy has settled. The price is
 * speed; and a better answer that is rare is found later rather than sooner, as it grows only in
 * proportion to its mass.
 *
 * <p>Advantages no longer add up to 0 within a group. Source: arXiv 2510.04028.
 *
 * @param of what advantages are taken from
 */
@Method(source = "arXiv 2510.04028")
public record NegativesOnly(@Default("group-normalised") Advantage of) implements Advantage {
  @Override
  public Advantages of(Group group) {
    return negatives(of.of(group));
  }

  @Override
  public List<Advantages> ofAll(List<Group> groups) {
    return of.ofAll(groups).stream().map(NegativesOnly::negatives).toList();
  }

  private static Advantages negatives(Advantages advantages) {
    double[] values = advantages.values().clone();
    for (int i = 0; i < values.length; i++) values[i] = Math.min(values[i], 0);
    return new Advantages(values, advantages.mask());
  }
}
