package dev.goodhart.transform;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Sample;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * PGBC and PGFC: the verdict of a verifier that errs at known rates, corrected so that the policy
 * gradient follows true correctness.
 *
 * <p>When you would want it: a verifier errs more on one kind of answer than on another (an
 * equality check that misses fractions, a judge that a phrase talks round), so that the policy
 * would learn what the verifier likes. With R the verdict in {0, 1}, rho0 and rho1 the rates of its
 * {@link Channel} and {@code c = 1 - rho0 - rho1}:
 *
 * <pre>{@code
 * backward:  (R - rho0) / c                  E[. | right] = 1, E[. | wrong] = 0, Var = Var(R) / c²
 * forward:   R - (1 - rho1)                  E[. | right] = 0, E[. | wrong] = -c
 * }</pre>
 *
 * <p>The forward weight is rho1 for an accepted and rho1 - 1 for a rejected answer: it needs no
 * rho0, stays in [-1, 1], and is the backward reward less 1, times c. So with the same rates
 * everywhere the two differ in a constant baseline and in the step's size only. Where rates differ
 * between classes the backward reward stays unbiased; the forward weight keeps "away from what is
 * wrong" but pushes harder where c is larger.
 *
 * <p>Both are affine in R: under one channel for a whole group a group-normalised advantage undoes
 * them to the last digit. Correct each sample with the rates of its own class; behind the backward
 * reward centre without dividing by the group's deviation ({@code leave-one-out}); the forward
 * weight is an advantage already. What comes out is no longer in [0, 1].
 *
 * <p>A class must be readable from the response (its format, its judge), not from the truth.
 * Reference responses that a later transform asks for are taken to be of the class of the response.
 * {@link Appeals} estimates rho1 while training runs.
 *
 * <p>Shown on a bandit, with true and with estimated rates, and on a small transformer that does
 * sums, with true ones.
 *
 * @param mode {@code backward} or {@code forward}
 * @param falsePositive rho0 of every class that is not listed
 * @param falseNegative rho1 of every class that is not listed
 * @param by the column that holds a sample's class; without it there is one class
 * @param classes the channels of classes by name
 */
@Method(id = 191, source = "arXiv 2510.00915")
public record NoiseCorrection(
    @Default("backward") Mode mode,
    @Default("0") double falsePositive,
    @Default("0") double falseNegative,
    Optional<String> by,
    @Default("{}") Map<String, Channel> classes)
    implements Transform {
  /** Which of the two corrections. */
  public enum Mode {
    BACKWARD,
    FORWARD;

    /** A verdict through a channel, corrected. */
    public double of(double verdict, Channel channel) {
      return switch (this) {
        case BACKWARD -> (verdict - channel.falsePositive()) / channel.gain();
        case FORWARD -> verdict - (1 - channel.falseNegative());
      };
    }
  }

  public NoiseCorrection {
    new Channel(falsePositive, falseNegative); // refuses what is no channel
    classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
    if (by.isEmpty() && !classes.isEmpty()) {
      throw new IllegalArgumentException(
          "classes need 'by': the column that says which class a sample is of");
    }
  }

  /** One channel for all samples. */
  public NoiseCorrection(Mode mode, Channel channel) {
    this(mode, channel.falsePositive(), channel.falseNegative(), Optional.empty(), Map.of());
  }

  /** By the channel of classes that are not listed; the sample's own is used by the scorer. */
  @Override
  public double of(double reward, double[] references) {
    return of(reward, new Channel(falsePositive, falseNegative));
  }

  @Override
  public double of(double reward, double[] references, Sample sample) {
    if (by.isEmpty()) {
      return of(reward, references);
    }
    Object given = sample.columns().get(by.get());
    if (given == null) {
      throw new IllegalArgumentException(
          "no class: the column '" + by.get() + "' is missing or empty");
    }
    Channel channel = classes.get(String.valueOf(given));
    return channel == null ? of(reward, references) : of(reward, channel);
  }

  private double of(double reward, Channel channel) {
    if (!(reward >= 0 && reward <= 1)) {
      throw new IllegalArgumentException("a verdict must lie in [0, 1], not " + reward);
    }
    return mode.of(reward, channel);
  }
}
