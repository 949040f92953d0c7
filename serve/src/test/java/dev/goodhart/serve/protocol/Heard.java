package dev.goodhart.serve.protocol;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.signal.Pace;
import dev.goodhart.signal.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rewards a response with the number that it is, and remembers what it was asked. */
record Heard(List<Sample> samples, @Nullable Scale scale) implements Signal {
  Heard() {
    this(Collections.synchronizedList(new ArrayList<>()), null);
  }

  Heard(Scale scale) {
    this(Collections.synchronizedList(new ArrayList<>()), scale);
  }

  /** In the order of the request, and never from the cache. */
  @Override
  public Pace pace() {
    return Pace.INSTANT;
  }

  @Override
  public Reward of(Sample sample) {
    samples.add(sample);
    try {
      var reward = Reward.of(Double.parseDouble(sample.response().strip()));
      return scale == null ? reward : reward.withScale(scale);
    } catch (NumberFormatException e) {
      return Reward.unscored("no number: " + sample.response());
    }
  }
}
