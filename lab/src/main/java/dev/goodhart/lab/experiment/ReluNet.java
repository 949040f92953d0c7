package dev.goodhart.lab.experiment;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A reward model small enough to train in a tenth of a second: one hidden layer of rectified units
 * on a vector of attributes, fitted to preferences.
 *
 * <pre>{@code
 * r(x)  = sum_j v_j max(0, w_j . x + b_j)
 * loss  = mean over pairs of log(1 + exp(-(r(chosen) - r(rejected))))
 * }</pre>
 *
 * A bias of the output would cancel in every pair, so there is none. The start is uniform in
 * ±1/sqrt(fan-in) for weights and biases; the optimiser is Adam (0.9, 0.999, 1e-8) on all pairs at
 * once.
 */
final class ReluNet {
  private final int inputs;
  private final int hidden;

  /** {@code w [hidden, inputs], b [hidden], v [hidden]}, one after the other. */
  final double[] parameters;

  ReluNet(int inputs, int hidden, SplittableRandom random) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.parameters = new double[hidden * (inputs + 2)];
    double in = 1 / Math.sqrt(inputs);
    double out = 1 / Math.sqrt(hidden);
    for (int i = 0; i < parameters.length; i++) {
      double bound = i < hidden * (inputs + 1) ? in : out;
      parameters[i] = random.nextDouble(-bound, bound);
    }
  }

  /** The reward of a response. */
  double of(double[] x) {
    double reward = 0;
    for (int j = 0; j < hidden; j++) {
      double unit = unit(j, x);
      reward += unit > 0 ? parameters[hidden * (inputs + 1) + j] * unit : 0;
    }
    return reward;
  }

  /** Trains on all pairs at once for so many steps. */
  ReluNet fit(double[][] chosen, double[][] rejected, int steps, double rate) {
    double[] gradient = new double[parameters.length];
    double[] first = new double[parameters.length];
    double[] second = new double[parameters.length];
    for (int step = 1; step <= steps; step++) {
      loss(chosen, rejected, gradient);
      double unbias1 = 1 - Math.pow(0.9, step);
      double unbias2 = 1 - Math.pow(0.999, step);
      for (int i = 0; i < parameters.length; i++) {
        first[i] = 0.9 * first[i] + 0.1 * gradient[i];
        second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
        parameters[i] -= rate * (first[i] / unbias1) / (Math.sqrt(second[i] / unbias2) + 1e-8);
      }
    }
    return this;
  }

  /** The loss; its gradient by the parameters replaces what {@code gradient} held. */
  double loss(double[][] chosen, double[][] rejected, double[] gradient) {
    Arrays.fill(gradient, 0);
    double[] above = new double[hidden];
    double[] below = new double[hidden];
    double loss = 0;
    for (int p = 0; p < chosen.length; p++) {
      double gap = forward(chosen[p], above) - forward(rejected[p], below);
      loss += gap > 0 ? Math.log1p(Math.exp(-gap)) : Math.log1p(Math.exp(gap)) - gap;
      double slope = -1 / (1 + Math.exp(gap)) / chosen.length;
      backward(chosen[p], above, slope, gradient);
      backward(rejected[p], below, -slope, gradient);
    }
    return loss / chosen.length;
  }

  /** The reward of x; the units' values before rectification go to {@code units [hidden]}. */
  private double forward(double[] x, double[] units) {
    double reward = 0;
    for (int j = 0; j < hidden; j++) {
      units[j] = unit(j, x);
      reward += units[j] > 0 ? parameters[hidden * (inputs + 1) + j] * units[j] : 0;
    }
    return reward;
  }

  /** Adds {@code slope} times the gradient of the reward of x, whose units are known. */
  private void backward(double[] x, double[] units, double slope, double[] gradient) {
    int biases = hidden * inputs;
    int outs = biases + hidden;
    for (int j = 0; j < hidden; j++) {
      if (units[j] > 0) {
        gradient[outs + j] += slope * units[j];
        double back = slope * parameters[outs + j];
        gradient[biases + j] += back;
        for (int i = 0; i < inputs; i++) {
          gradient[j * inputs + i] += back * x[i];
        }
      }
    }
  }

  private double unit(int j, double[] x) {
    double sum = parameters[hidden * inputs + j];
    for (int i = 0; i < inputs; i++) {
      sum += parameters[j * inputs + i] * x[i];
    }
    return sum;
  }
}
