package dev.goodhart;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with one response to it: what a {@link dev.goodhart.signal.Signal} rewards.
 *
 * @param id how the sample is named in outputs; unique within a file or a batch
 * @param reference the true answer to compare with, where the data has one
 * @param columns everything else that the row held, by column name; values are those of JSON
 *     (String, Number, Boolean, List, Map, null)
 */
public record Sample(
    String id,
    Prompt prompt,
    String response,
    @Nullable String reference,
    Map<String, @Nullable Object> columns) {
  public Sample {
    requireNonNull(id, "id");
    requireNonNull(prompt, "prompt");
    requireNonNull(response, "response");
    columns = Columns.copy(columns);
  }

  public static Sample of(String prompt, String response) {
    return new Sample("", Prompt.of(prompt), response, null, Map.of());
  }

  public static Sample of(String prompt, String response, @Nullable String reference) {
    return new Sample("", Prompt.of(prompt), response, reference, Map.of());
  }

  /**
   * The same prompt, reference and columns with another response: for edits and counterfactuals.
   */
  public Sample withResponse(String other) {
    return new Sample(id, prompt, other, reference, columns);
  }
}
