package dev.goodhart.neural.align;

import java.nio.file.Path;

/** A run in a process of its own, to be killed: {@code KilledRun FOLDER}. */
final class KilledRun {
  private KilledRun() {}

  public static void main(String[] args) {
    System.out.println("started");
    Runs.run(spec(), Path.of(args[0]), true);
  }

  /** With a critic, several rounds of roll-outs, fine-tuning before, and many checkpoints. */
  static AlignSpec spec() {
    return Runs.spec(
        "{ algorithm: ppo, start: { steps: 5, batch: 4 }, explore: { dynamic-sampling: { rounds: 2"
            + " } }, kl-in-reward: { weight: 0.05 }, steps: 30, keep: { checkpoint: 2 } }");
  }
}
