package dev.goodhart.explore;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * More roll-outs where the reward varies: prompts that always pass or always fail teach nothing.
 * The budget is split in proportion to each prompt's reward deviation (Neyman's allocation, which
 * minimises the variance of the mean over prompts), after every prompt got its minimum.
 *
 * <p>Prompts with fewer than two rewards count as varying the most that any known prompt does (as 1
 * when none is known to vary).
 *
 * @param least roll-outs that every prompt gets as far as the budget reaches, at least 0
 */
@Method(source = "Neyman 1934, doi 10.2307/2342192")
public record DeviationAllocation(@Default("1") int least) implements Explore {
  public DeviationAllocation {
    if (least < 0) {
      throw new IllegalArgumentException("least must be at least 0, not " + least);
    }
  }

  @Override
  public int[] allocate(List<History> prompts, int budget) {
    int n = prompts.size();
    if (n == 0 || (long) least * n >= budget) {
      return new UniformGroups().allocate(prompts, budget);
    }
    double unknown =
        prompts.stream()
            .filter(h -> h.drawn() >= 2)
            .mapToDouble(History::deviation)
            .filter(d -> d > 0)
            .max()
            .orElse(1);
    double[] weights =
        prompts.stream().mapToDouble(h -> h.drawn() >= 2 ? h.deviation() : unknown).toArray();
    double total = IntStream.range(0, n).mapToDouble(i -> weights[i]).sum();
    if (total == 0) {
      return new UniformGroups().allocate(prompts, budget);
    }
    int free = budget - least * n;
    int[] counts = new int[n];
    double[] remainders = new double[n];
    int given = 0;
    for (int i = 0; i < n; i++) {
      double share = free * (weights[i] / total);
      counts[i] = least + (int) share;
      remainders[i] = share - (int) share;
      given += (int) share;
    }
    // Largest remainders first, so that the counts sum to the budget.
    IntStream.range(0, n)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> remainders[i]).reversed())
        .limit(free - given)
        .forEach(i -> counts[i]++);
    return counts;
  }
}
