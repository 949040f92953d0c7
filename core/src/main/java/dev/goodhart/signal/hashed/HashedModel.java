package dev.goodhart.signal.hashed;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.run.Provenance;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.ModelFolder;
import dev.goodhart.signal.Pace;
import dev.goodhart.signal.TrainingPrompts;
import dev.goodhart.signal.fit.FittedReward;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A fitted hashed model: scores a response in some ten microseconds. Safe to use from several
 * threads; a score depends on the response and on nothing else.
 */
public final class HashedModel implements FittedReward {
  private final List<Weights> members;
  private final double slope;
  private final double offset;
  private final TrainingPrompts prompts;
  private final ModelCard card;
  private final ThreadLocal<Extractor> extractor;

  HashedModel(
      HashedBradleyTerry method,
      List<Weights> members,
      double slope,
      double offset,
      TrainingPrompts prompts,
      ModelCard card) {
    this.members = List.copyOf(members);
    this.slope = slope;
    this.offset = offset;
    this.prompts = prompts;
    this.card = card;
    this.extractor = ThreadLocal.withInitial(() -> new Extractor(method.bits(), method.groups()));
  }

  /** Sums of weights. */
  @Override
  public Pace pace() {
    return Pace.INSTANT;
  }

  @Override
  public Reward of(Sample sample) {
    Extractor reader = extractor.get();
    Features features = reader.of(reader.words(sample.prompt().text()), sample.response());
    double[] rewards = rewards(features);
    if (rewards.length == 1) {
      return new Scored(rewards[0]).withScale(Scale.LOG_ODDS);
    }
    Map<String, Reward> parts = new LinkedHashMap<>();
    double sum = 0;
    for (int k = 0; k < rewards.length; k++) {
      parts.put(Integer.toString(k), new Scored(rewards[k]).withScale(Scale.LOG_ODDS));
      sum += rewards[k];
    }
    double mean = sum / rewards.length;
    double squares = 0;
    for (double reward : rewards) {
      squares += (reward - mean) * (reward - mean);
    }
    double deviation = Math.sqrt(squares / (rewards.length - 1));
    return new Scored(mean, OptionalDouble.of(deviation), parts, Scale.LOG_ODDS);
  }

  /** Each member's reward. */
  double[] rewards(Features features) {
    double[] rewards = new double[members.size()];
    for (int k = 0; k < rewards.length; k++) {
      rewards[k] = slope * members.get(k).reward(features) + offset;
    }
    return rewards;
  }

  double mean(Features features) {
    double sum = 0;
    for (Weights member : members) {
      sum += slope * member.reward(features) + offset;
    }
    return sum / members.size();
  }

  @Override
  public boolean trainedOn(Prompt prompt) {
    return prompts.contains(prompt);
  }

  @Override
  public ModelCard card() {
    return card;
  }

  List<Weights> members() {
    return members;
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public ModelCard save(Path folder, boolean replace, Provenance provenance) {
    ModelCard mine =
        new ModelCard(
            card.kind(),
            card.hyperParameters(),
            card.calibration(),
            card.training(),
            card.heldOut(),
            provenance,
            Map.of());
    Map<String, ModelFolder.Contents> files = new LinkedHashMap<>();
    files.put(WeightsFile.FILE, ModelFolder.contents(WeightsFile.bytes(members)));
    files.put(TrainingPrompts.FILE, ModelFolder.contents(prompts.bytes()));
    return ModelFolder.save(folder, replace, mine, files);
  }
}
