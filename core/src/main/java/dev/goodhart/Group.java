package dev.goodhart;

import java.util.List;

/**
 * The responses drawn for one prompt with their rewards, in the order of drawing: what an {@link
 * dev.goodhart.advantage.Advantage} distributes credit over.
 *
 * @param samples n responses to the same prompt
 * @param rewards n rewards, {@code rewards[i]} for {@code samples[i]}
 */
public record Group(List<Sample> samples, List<Reward> rewards) {
  public Group {
    samples = List.copyOf(samples);
    rewards = List.copyOf(rewards);
    if (samples.size() != rewards.size()) {
      throw new IllegalArgumentException(
          "a group needs one reward a sample, not " + rewards.size() + " for " + samples.size());
    }
    for (Sample sample : samples) {
      if (!sample.prompt().equals(samples.getFirst().prompt())) {
        throw new IllegalArgumentException(
            "sample '" + sample.id() + "' answers another prompt than its group");
      }
    }
  }

  public int size() {
    return rewards.size();
  }

  /** Which samples were scored, by index. */
  public boolean[] mask() {
    boolean[] mask = new boolean[rewards.size()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = rewards.get(i) instanceof Scored;
    }
    return mask;
  }

  /** The values of the scored samples alone, in order. */
  public double[] scored() {
    return rewards.stream()
        .filter(Scored.class::isInstance)
        .mapToDouble(r -> ((Scored) r).value())
        .toArray();
  }

  /**
   * Whether nothing is to be preferred: fewer than two samples were scored, or all of them alike. A
   * trainer counts such groups and may draw others in their place.
   */
  public boolean flat() {
    double[] scored = scored();
    for (double reward : scored) {
      if (reward != scored[0]) {
        return false;
      }
    }
    return true;
  }
}
