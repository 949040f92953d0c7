package dev.goodhart.lab;

import dev.goodhart.run.Seeds;
import java.util.List;

/**
 * One published system's claim, put to the test on a small world whose gold reward is known. An
 * implementation is a record whose components are the experiment's parameters, with its defaults in
 * a constant, read from top to bottom in one file: world, baseline, method, measure, claim.
 *
 * <p>It must be able to fail: with the method replaced by its baseline, no claim may hold.
 */
public interface Experiment {
  /** The published system, as numbered in {@code methods.yaml}. */
  int system();

  /** What the command line calls it, in kebab case. */
  String name();

  /** One line: what is compared, where. */
  String title();

  /**
   * Which parameters were chosen by looking at outcomes, and under which seeds; verdicts need other
   * seeds.
   */
  String tuning();

  /** What {@link Outcome#curves()} run along. */
  Axis axis();

  List<Claim> claims();

  /** How many seeds its verdict is based on unless somebody asks for another number. */
  default int seeds() {
    return 10;
  }

  /**
   * Baseline and method under one seed: the same data, the same draws. Must depend on nothing but
   * the seed.
   */
  Outcome run(Seeds seeds);

  /**
   * The same experiment made small enough for every build, in seconds; its verdicts mean little.
   */
  Experiment smoke();

  /**
   * The points at which an experiment draws its curves.
   *
   * @param name of what varies: {@code n}, {@code KL (nats)}
   */
  record Axis(String name, List<Double> points) {
    public Axis {
      points = List.copyOf(points);
    }
  }
}
