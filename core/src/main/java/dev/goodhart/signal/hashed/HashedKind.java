package dev.goodhart.signal.hashed;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.ModelKind;
import dev.goodhart.signal.RewardModel;
import dev.goodhart.signal.TrainingPrompts;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Models of {@link HashedBradleyTerry}, saved and opened. */
public final class HashedKind implements ModelKind {
  static final String NAME = "hashed";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public HashedModel open(RewardModel asked, ModelCard card) {
    Path folder = asked.path();
    int members = asked.ensemble();
    HashedBradleyTerry method = method(card.hyperParameters());
    if (members > method.ensemble()) {
      throw new GoodhartException(
          folder
              + ": an ensemble of "
              + members
              + " was asked for, and the model has "
              + method.ensemble()
              + (method.ensemble() == 1 ? " member" : " members")
              + "; fit it with --ensemble "
              + members);
    }
    Path file = folder.resolve(WeightsFile.FILE);
    try {
      List<Weights> weights =
          WeightsFile.read(
              Files.readAllBytes(file), method.bits(), members == 0 ? method.ensemble() : members);
      return new HashedModel(
          method,
          weights,
          ModelCard.number(card.calibration(), "slope").doubleValue(),
          ModelCard.number(card.calibration(), "offset").doubleValue(),
          TrainingPrompts.read(folder),
          card);
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new GoodhartException(file + ": damaged: does not fit the model's card", e);
    }
  }

  static Map<String, @Nullable Object> hyperParameters(HashedBradleyTerry method) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("bits", method.bits());
    values.put("features", method.features().stream().map(FeatureGroup::id).toList());
    values.put("rate", method.rate());
    values.put("accumulator", method.accumulator());
    values.put("passes", method.passes());
    values.put("margin", method.margin());
    values.put("ensemble", method.ensemble());
    values.put("holdout", method.holdout());
    values.put("development", method.development());
    return values;
  }

  private static HashedBradleyTerry method(Map<String, @Nullable Object> values) {
    List<FeatureGroup> features = new ArrayList<>();
    if (values.get("features") instanceof List<?> ids) {
      ids.forEach(id -> features.add(FeatureGroup.of(String.valueOf(id))));
    }
    return new HashedBradleyTerry(
        ModelCard.number(values, "bits").intValue(),
        features,
        ModelCard.number(values, "rate").doubleValue(),
        ModelCard.number(values, "accumulator").doubleValue(),
        ModelCard.number(values, "passes").intValue(),
        ModelCard.number(values, "margin").doubleValue(),
        ModelCard.number(values, "ensemble").intValue(),
        ModelCard.number(values, "holdout").doubleValue(),
        ModelCard.number(values, "development").doubleValue());
  }
}
