package dev.goodhart.serve.protocol;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.signal.Pace;
import dev.goodhart.signal.Signal;

/** 1 for the reference, 0 for anything else; no verdict without a reference. */
record Exact() implements Signal {
  @Override
  public Reward of(Sample sample) {
    if (sample.reference() == null) return Reward.unscored("no reference: none in the row");
    return Reward.of(sample.response().equals(sample.reference()) ? 1 : 0);
  }

  @Override
  public Pace pace() {
    return Pace.INSTANT;
  }
}
