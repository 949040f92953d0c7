package dev.goodhart.signal.fit;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a user wants fitted.
 *
 * @param model which model: a name or the folder of one to start from
 * @param heldOut a file whose prompts measure the fit, in place of a share
 * @param holdout the share of prompts that only measures, in [0, 1); 0 beside {@code heldOut}
 * @param ensemble how many members
 * @param seed of split, order and draws
 * @param output the folder that the model will be saved in
 * @param options what only some methods know, by name without dashes; only those that were given
 */
public record FitRequest(
    String model,
    Dataset data,
    Optional<Dataset> heldOut,
    double holdout,
    int ensemble,
    long seed,
    Path output,
    Map<String, Object> options) {
  public FitRequest {
    options = Map.copyOf(options);
  }

  /** An option's value, or what holds where it was not given. */
  public <T> T option(String name, Class<T> type, T otherwise) {
    return type.cast(options.getOrDefault(name, otherwise));
  }

  /**
   * Makes a method's record; what its constructor refuses is a user's option.
   *
   * @throws GoodhartException with the option's name
   */
  public static <T> T checked(Supplier<T> method) {
    try {
      return method.get();
    } catch (IllegalArgumentException e) {
      throw new GoodhartException("--" + e.getMessage(), e);
    }
  }
}
