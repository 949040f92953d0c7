package dev.goodhart.signal.fit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a fit came to.
 *
 * @param training what it was fitted on
 * @param heldOut how it did on the prompts that were kept from it
 * @param notes what a user should know, in sentences
 */
public record Fit(FittedReward model, Training training, HeldOut heldOut, List<String> notes) {
  /**
   * What weights and temperature come from.
   *
   * @param prompts that weights were learnt from
   * @param comparisons of them
   * @param labels responses of them that were judged on their own
   * @param developmentPrompts that set passes and temperature
   * @param developmentItems comparisons and labels of them
   * @param passes for each member, after how many it was at its best
   * @param temperature what the rewards were divided by
   */
  public record Training(
      int prompts,
      int comparisons,
      int labels,
      int developmentPrompts,
      int developmentItems,
      List<Integer> passes,
      double temperature) {
    /** The counts by name, for the model's card. */
    public Map<String, @Nullable Object> figures() {
      Map<String, @Nullable Object> figures = new LinkedHashMap<>();
      figures.put("prompts", prompts);
      figures.put("comparisons", comparisons);
      figures.put("labels", labels);
      figures.put("development-prompts", developmentPrompts);
      figures.put("development-items", developmentItems);
      figures.put("best-pass", passes);
      return figures;
    }
  }
}
