package dev.goodhart.neural.train;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.SafeTensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Learns from examples step by step. A step divides its examples into passes of a bounded number of
 * tokens, adds up the gradient of their mean cost, clips it and lets the optimiser change the
 * parameters. One thread at a time.
 *
 * @param <E> an example
 */
public final class Learner<E> implements AutoCloseable {
  private final Parameters parameters;
  private final Task<E> task;
  private final AdamW optimiser;
  private final AdamW.Moments moments;
  private final int tokensPerPass;
  private final double clip;
  private long steps;

  /**
   * @param tokensPerPass how many tokens go through the model at once: more take more memory
   * @param clip the length to which a longer gradient is shortened; 0 for never
   */
  public Learner(
      Parameters parameters, Task<E> task, AdamW optimiser, int tokensPerPass, double clip) {
    if (tokensPerPass < 1) {
      throw new IllegalArgumentException(
          "tokens-per-pass must be at least 1, not " + tokensPerPass);
    }
    if (!(clip >= 0)) throw new IllegalArgumentException("clip must be at least 0, not " + clip);
    this.parameters = parameters;
    this.task = task;
    this.optimiser = optimiser;
    this.moments = AdamW.Moments.of(parameters);
    this.tokensPerPass = tokensPerPass;
    this.clip = clip;
  }

  /**
   * What a step or an evaluation came to.
   *
   * @param loss the mean cost of the examples, by their weights, before the step
   * @param gradientNorm the gradient's length before it was clipped; 0 in an evaluation
   * @param tokens that went through the model
   * @param also what else the task reports
   */
  public record Outcome(
      double loss, double gradientNorm, long tokens, SequencedMap<String, Double> also) {}

  /**
   * Takes one step.
   *
   * @param examples at least one
   * @throws GoodhartException if the loss or the gradient is not finite; the parameters are then as
   *     before
   */
  public Outcome step(List<E> examples, double rate) {
    parameters.forget();
    var sums = new Sums(examples, task);
    for (List<E> pass : Passes.of(examples, task, tokensPerPass)) {
      try (Scope scope = Scope.training()) {
        Cost cost = task.cost(pass);
        double share = sums.add(pass, cost, task);
        Ops.mul(cost.loss(), share).backward();
        parameters.collect();
      }
    }
    double norm = parameters.norm();
    if (!Double.isFinite(norm) || !Double.isFinite(sums.loss)) {
      throw new GoodhartException(
          "step %d: the loss is %s and its gradient has the length %s; try a lower learning rate, a longer warm-up, or look for odd examples in the data"
              .formatted(steps + 1, sums.loss, norm));
    }
    try (Scope scope = Scope.inference()) {
      if (clip > 0 && norm > clip) parameters.gradient().mul_(new Scalar(clip / norm));
      optimiser.step(parameters, moments, steps + 1, rate);
      parameters.publish();
    }
    steps++;
    return sums.outcome(norm);
  }

  /** The mean cost of examples, without learning from them. */
  public Outcome evaluate(List<E> examples) {
    var sums = new Sums(examples, task);
    for (List<E> pass : Passes.of(examples, task, tokensPerPass)) {
      try (Scope scope = Scope.inference()) {
        sums.add(pass, task.cost(pass), task);
      }
    }
    return sums.outcome(0);
  }

  public Parameters parameters() {
    return parameters;
  }

  /** How many steps were taken. */
  public long steps() {
    return steps;
  }

  /**
   * What a checkpoint has to hold, beside {@link #steps()}: parameters, moments and memory by name.
   */
  public SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    state.put("values", parameters.values());
    state.put("mean", moments.mean());
    state.put("square", moments.square());
    Tensor memory = task.memory();
    if (memory != null) state.put("memory", memory);
    return state;
  }

  /**
   * Goes on where a checkpoint was written.
   *
   * @param prefix of the names of {@link #state()} in the file
   * @param taken how many steps had been taken
   * @throws GoodhartException if the file does not hold them
   */
  public void restore(SafeTensors file, String prefix, long taken) {
    state().forEach((name, tensor) -> copy(file, prefix + name, tensor));
    parameters.publish();
    steps = taken;
  }

  /** Copies a row of a file. */
  static void copy(SafeTensors file, String name, Tensor to) {
    try (Scope ignored = Scope.inference()) {
      Tensor from = file.read(name, Device.of(to), ScalarType.Float);
      if (from.numel() != to.numel()) {
        throw new GoodhartException(
            "the checkpoint's " + name + " has " + from.numel() + " elements, not " + to.numel());
      }
      to.copy_(from);
    } catch (IllegalArgumentException e) {
      throw new GoodhartException("the checkpoint is damaged: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    moments.close();
  }

  /** Adds up the means of passes to the mean of all. */
  private static final class Sums {
    private final double weight;
    private final SequencedMap<String, Double> also = new LinkedHashMap<>();
    private double loss;
    private long tokens;

    <E> Sums(List<E> examples, Task<E> task) {
      if (examples.isEmpty()) throw new IllegalArgumentException("there are no examples");
      weight = examples.stream().mapToDouble(task::weight).sum();
      if (!(weight > 0)) throw new IllegalArgumentException("the examples weigh " + weight);
    }

    /** Returns the pass's share of the mean. */
    <E> double add(List<E> pass, Cost cost, Task<E> task) {
      double share = pass.stream().mapToDouble(task::weight).sum() / weight;
      loss += share * Ops.item(cost.loss());
      for (var entry : cost.also().entrySet()) {
        also.merge(entry.getKey(), share * Ops.item(entry.getValue()), Double::sum);
      }
      for (E example : pass) tokens += task.tokens(example);
      return share;
    }

    Outcome outcome(double norm) {
      return new Outcome(loss, norm, tokens, also);
    }
  }
}
