package dev.goodhart.combine;

import dev.goodhart.Reward;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Many rewards to one. Expressions nest; a bare name in a spec is the {@link Part} of that name.
 *
 * <p>What becomes of an unscored part is the combiner's to say, and each says it in its
 * description; the usual answer is that the whole is unscored with that part's reason.
 */
public interface Combine {
  /**
   * @param parts the rewards of the spec's signals by name; holds at least {@link #parts()}
   * @return the combined reward, without parts of its own
   */
  Reward of(Map<String, Reward> parts);

  /** The names of the signals that it reads. */
  Set<String> parts();

  /**
   * The combination of a training run's next step: most stay as they are, one with multipliers
   * moves them.
   *
   * @param batch the rewards of this step, with the signals' rewards as their parts
   */
  default Combine after(List<? extends Reward> batch) {
    return this;
  }
}
