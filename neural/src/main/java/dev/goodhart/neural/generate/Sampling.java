package dev.goodhart.neural.generate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How responses are drawn. The scores of the next token go through, in the order of Hugging Face's
 * transformers: repetition penalty, temperature, top-k, top-p, min-p; then one token is drawn from
 * the softmax of what is left.
 *
 * @param temperature scores are divided by it; at least 0, and 0 takes the most likely token
 * @param topK only the k most likely tokens are drawn; 0 for all. Ties with the k-th are kept
 * @param topP only the fewest most likely tokens whose probabilities reach it together; in (0, 1],
 *     1 for all. Ties with the last are kept
 * @param minP only tokens at least this share as likely as the most likely one; in [0, 1], 0 for
 *     all
 * @param repetitionPenalty above 0; scores of tokens that stand in the prompt or the response are
 *     divided by it where above 0 and multiplied by it where below (Keskar et al. 2019); 1 for none
 * @param maxTokens how long a response may get, at least 1
 * @param stop strings that end a response; it is cut before the one that is complete first
 * @param eos token ids that end a response; null for the model's own, empty for none
 * @param n responses a prompt, at least 1
 * @param seed of the draws. A draw depends on the seed, the prompt's id, the number of the sample
 *     and the position in the response, on nothing else
 * @param logprobs how many of the most likely tokens to give at each position beside the one that
 *     was drawn, 0 to 100
 */
public record Sampling(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    int maxTokens,
    List<String> stop,
    @Nullable List<Integer> eos,
    int n,
    long seed,
    int logprobs) {
  /** One response of at most 256 tokens from the model's own distribution. */
  public static final Sampling DEFAULT = new Sampling(1, 0, 1, 0, 1, 256, List.of(), null, 1, 0, 0);

  /** The most likely token, always. */
  public static final Sampling GREEDY = DEFAULT.withTemperature(0);

  public Sampling {
    check(temperature >= 0 && temperature < 1e6, "temperature", "at least 0", temperature);
    check(topK >= 0, "top_k", "at least 0", topK);
    check(topP > 0 && topP <= 1, "top_p", "in (0, 1]", topP);
    check(minP >= 0 && minP <= 1, "min_p", "in [0, 1]", minP);
    check(
        repetitionPenalty > 0 && repetitionPenalty < 1e6,
        "repetition_penalty",
        "above 0",
        repetitionPenalty);
    check(maxTokens >= 1, "max_tokens", "at least 1", maxTokens);
    check(n >= 1, "n", "at least 1", n);
    check(logprobs >= 0 && logprobs <= 100, "logprobs", "from 0 to 100", logprobs);
    stop = List.copyOf(stop);
    if (stop.contains("")) throw new IllegalArgumentException("a stop string must not be empty");
    eos = eos == null ? null : List.copyOf(eos);
  }

  private static void check(boolean holds, String name, String expected, Number found) {
    if (!holds)
      throw new IllegalArgumentException(name + " must be " + expected + ", not " + found);
  }

  public boolean isGreedy() {
    return temperature == 0;
  }

  public Sampling withTemperature(double value) {
    return new Sampling(
        value, topK, topP, minP, repetitionPenalty, maxTokens, stop, eos, n, seed, logprobs);
  }

  public Sampling withTopK(int value) {
    return new Sampling(
        temperature, value, topP, minP, repetitionPenalty, maxTokens, stop, eos, n, seed, logprobs);
  }

  public Sampling withTopP(double value) {
    return new Sampling(
        temperature, topK, value, minP, repetitionPenalty, maxTokens, stop, eos, n, seed, logprobs);
  }

  public Sampling withMinP(double value) {
    return new Sampling(
        temperature, topK, topP, value, repetitionPenalty, maxTokens, stop, eos, n, seed, logprobs);
  }

  public Sampling withRepetitionPenalty(double value) {
    return new Sampling(
        temperature, topK, topP, minP, value, maxTokens, stop, eos, n, seed, logprobs);
  }

  public Sampling withMaxTokens(int value) {
    return new Sampling(
        temperature, topK, topP, minP, repetitionPenalty, value, stop, eos, n, seed, logprobs);
  }

  public Sampling withStop(List<String> value) {
    return new Sampling(
        temperature, topK, topP, minP, repetitionPenalty, maxTokens, value, eos, n, seed, logprobs);
  }

  public Sampling withEos(@Nullable List<Integer> value) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        maxTokens,
        stop,
        value,
        n,
        seed,
        logprobs);
  }

  public Sampling withN(int value) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        maxTokens,
        stop,
        eos,
        value,
        seed,
        logprobs);
  }

  public Sampling withSeed(long value) {
    return new Sampling(
        temperature, topK, topP, minP, repetitionPenalty, maxTokens, stop, eos, n, value, logprobs);
  }

  public Sampling withLogprobs(int value) {
    return new Sampling(
        temperature, topK, topP, minP, repetitionPenalty, maxTokens, stop, eos, n, seed, value);
  }
}
