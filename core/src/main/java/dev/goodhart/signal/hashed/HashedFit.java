package dev.goodhart.signal.hashed;

import dev.goodhart.run.Progress;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.FitMethod;
import dev.goodhart.signal.fit.FitRequest;
import java.util.List;
import java.util.Set;

/** {@code goodhart fit --model hashed}. */
public final class HashedFit implements FitMethod {
  @Override
  public String models() {
    return HashedKind.NAME;
  }

  @Override
  public boolean fits(String model) {
    return model.equals(HashedKind.NAME);
  }

  @Override
  public Set<String> options() {
    return Set.of("features", "margin");
  }

  @Override
  public Fit fit(FitRequest request, Progress progress) {
    HashedBradleyTerry method =
        FitRequest.checked(
            () ->
                HashedBradleyTerry.DEFAULT
                    .withEnsemble(request.ensemble())
                    .withHoldout(request.holdout())
                    .withMargin(request.option("margin", Double.class, 0.0))
                    .withFeatures(features(request)));
    return method.fit(request.data(), request.heldOut(), request.seed(), progress);
  }

  private static List<FeatureGroup> features(FitRequest request) {
    List<?> names = request.option("features", List.class, List.of());
    try {
      return names.isEmpty()
          ? HashedBradleyTerry.DEFAULT.features()
          : names.stream().map(name -> FeatureGroup.of(String.valueOf(name))).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("features: " + e.getMessage(), e);
    }
  }
}
