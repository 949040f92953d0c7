package dev.goodhart.neural.model;

/**
 * How the rotary frequencies are changed for contexts beyond those of pre-training.
 *
 * <p>{@code linear} divides each frequency by the factor. {@code llama3} divides those whose
 * wavelength exceeds {@code original / low} positions, leaves those below {@code original / high},
 * and goes smoothly from one to the other between (Llama 3.1).
 *
 * @param type {@code linear} or {@code llama3}
 * @param factor above 0
 * @param low of {@code llama3}: {@code low_freq_factor}
 * @param high of {@code llama3}: {@code high_freq_factor}, above low
 * @param original of {@code llama3}: the positions of pre-training
 */
public record RopeScaling(String type, double factor, double low, double high, int original) {
  public RopeScaling {
    if (!(factor > 0)) {
      throw new IllegalArgumentException("rope_scaling.factor must be above 0, not " + factor);
    }
    if (type.equals("llama3") && !(high > low && low > 0 && original > 0)) {
      throw new IllegalArgumentException(
          "rope_scaling: expected 0 < low_freq_factor < high_freq_factor and"
              + " original_max_position_embeddings above 0");
    }
  }

  /** A frequency in radians a position, after scaling. */
  double of(double frequency) {
    if (type.equals("linear")) return frequency / factor;
    double wavelength = 2 * Math.PI / frequency;
    double smooth = Math.clamp((original / wavelength - low) / (high - low), 0.0, 1.0);
    return (1 - smooth) * frequency / factor + smooth * frequency;
  }
}
