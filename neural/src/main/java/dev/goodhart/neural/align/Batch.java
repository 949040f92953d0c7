package dev.goodhart.neural.align;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What was drawn in a step, with what it is worth.
 *
 * @param prompts that were answered
 * @param drawn their responses, ordered by prompt
 * @param rewards one a response
 * @param kept whether each prompt's group is to be learned from, by prompt
 * @param greedy what each prompt's most likely response earned; empty where nobody asked
 */
record Batch(
    List<Sample> prompts,
    List<Drawn> drawn,
    List<Reward> rewards,
    List<Boolean> kept,
    List<@Nullable Reward> greedy) {
  static Batch empty() {
    return new Batch(
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>());
  }

  /** The places of a prompt's responses. */
  int[] of(int prompt) {
    return IntStream.range(0, drawn.size()).filter(i -> drawn.get(i).prompt() == prompt).toArray();
  }

  /** A prompt's responses with what they earned. */
  Group group(int prompt) {
    List<Sample> samples = new ArrayList<>();
    List<Reward> theirs = new ArrayList<>();
    for (int i : of(prompt)) {
      samples.add(drawn.get(i).sample());
      theirs.add(rewards.get(i));
    }
    return new Group(samples, theirs);
  }

  List<Sample> samples() {
    return drawn.stream().map(Drawn::sample).toList();
  }
}
