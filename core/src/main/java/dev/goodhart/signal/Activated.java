package dev.goodhart.signal;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.List;

/** A model whose rewards go through an activation. */
record Activated(TrainedReward model, Activation activation) implements TrainedReward {
  @Override
  public Reward of(Sample sample) {
    return activation.of(model.of(sample));
  }

  @Override
  public List<Reward> of(List<Sample> batch) {
    return model.of(batch).stream().map(activation::of).toList();
  }

  @Override
  public ModelCard card() {
    return model.card();
  }

  @Override
  public boolean trainedOn(Prompt prompt) {
    return model.trainedOn(prompt);
  }

  @Override
  public Pace pace() {
    return model.pace();
  }

  @Override
  public void close() {
    model.close();
  }
}
