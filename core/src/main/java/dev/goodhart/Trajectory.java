package dev.goodhart;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response taken apart: reasoning steps, turns with an environment, or tokens, each with its own
 * reward where one is given.
 *
 * @param steps in the order in which they happened; at least one
 * @param columns everything else that the row held, by column name
 */
public record Trajectory(
    String id, Prompt prompt, List<Step> steps, Map<String, @Nullable Object> columns) {
  /**
   * One step of a trajectory.
   *
   * @param action what the policy wrote
   * @param observation what came back from the environment or tool, if anything did
   * @param reward what the step earned, if steps are rewarded
   */
  public record Step(String action, @Nullable String observation, @Nullable Reward reward) {}

  public Trajectory {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a trajectory needs at least one step");
    }
    columns = Columns.copy(columns);
  }
}
