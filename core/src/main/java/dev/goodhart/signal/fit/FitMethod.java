package dev.goodhart.signal.fit;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.Progress;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A way to fit reward models, as {@code goodhart fit --model} names it. Found through {@link
 * ServiceLoader}: name the class in {@code META-INF/services/dev.goodhart.signal.fit.FitMethod}. A
 * method that needs an engine loads it in {@link #fit}, so that asking for help stays quick.
 */
public interface FitMethod {
  /** What a user may ask for, in words: {@code hashed}; {@code tiny, small or a folder}. */
  String models();

  /** Whether it is what fits a model of this name. */
  boolean fits(String model);

  /** The options that it takes beside those of every fit, see {@link FitRequest#options}. */
  Set<String> options();

  /**
   * Fits.
   *
   * @throws GoodhartException if an option's value makes no sense, or there is nothing to learn
   *     from
   */
  Fit fit(FitRequest request, Progress progress);

  /** All on the class path. */
  static List<FitMethod> all() {
    return ServiceLoader.load(FitMethod.class).stream().map(ServiceLoader.Provider::get).toList();
  }

  /**
   * The method for a request, once it is clear that it takes the request's options.
   *
   * @throws GoodhartException if there is none, or an option is another one's
   */
  static FitMethod of(FitRequest request) {
    List<FitMethod> all = all();
    FitMethod method =
        all.stream()
            .filter(m -> m.fits(request.model()))
            .findFirst()
            .orElseThrow(
                () ->
                    new GoodhartException(
                        "--model "
                            + request.model()
                            + ": there is no such model or folder; it may be "
                            + all.stream()
                                .map(FitMethod::models)
                                .collect(Collectors.joining(", "))));
    for (String option : request.options().keySet()) {
      if (!method.options().contains(option)) {
        String others =
            all.stream()
                .filter(m -> m.options().contains(option))
                .map(FitMethod::models)
                .collect(Collectors.joining(", "));
        throw new GoodhartException(
            "--"
                + option
                + ": means nothing to --model "
                + request.model()
                + (others.isEmpty() ? "" : "; it is for --model " + others));
      }
    }
    return method;
  }
}
