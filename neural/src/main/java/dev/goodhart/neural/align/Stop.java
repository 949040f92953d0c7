package dev.goodhart.neural.align;

import dev.goodhart.Default;
import java.util.List;
import java.util.OptionalDouble;

/**
 * When a run ends before its steps are over; the weights of the last checkpoint before that stay.
 *
 * @param monitors names of findings of the reward spec's monitors that end the run once they raise
 *     an alarm; {@code [any]} for all
 * @param kl the run has left its reference too far when the KL divergence of a response, in nats,
 *     is above this on average
 * @param reward the run is done when the evaluation's mean reward reaches this
 */
public record Stop(@Default("[]") List<String> monitors, OptionalDouble kl, OptionalDouble reward) {
  public Stop {
    monitors = List.copyOf(monitors);
  }

  boolean at(String finding) {
    return monitors.contains("any") || monitors.contains(finding);
  }
}
