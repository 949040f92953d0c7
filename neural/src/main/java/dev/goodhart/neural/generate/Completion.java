package dev.goodhart.neural.generate;

import java.util.List;

/**
 * A finished response.
 *
 * @param tokens all that were drawn, those of a stop string and the end-of-text token included:
 *     what a trainer learns from. {@code [length]}
 * @param text of the tokens without special ones, cut before a stop string; empty where the
 *     generator has no tokenizer
 * @param finish why it ends
 * @param logProbs of the tokens under the model itself (temperature 1, no penalty, no filter), in
 *     nats: what a forward pass over prompt and response says. {@code [length]}
 * @param sampledLogProbs of the tokens under the distribution that they were drawn from, after
 *     penalty, temperature and filters; 0 for greedy. {@code [length]}
 * @param top the most likely tokens of each position under the model itself, most likely first;
 *     empty where {@link Sampling#logprobs()} is 0
 */
public record Completion(
    long prompt,
    int sample,
    int[] tokens,
    String text,
    Finish finish,
    double[] logProbs,
    double[] sampledLogProbs,
    List<List<Likely>> top)
    implements Event {

  /** Why a response ends. */
  public enum Finish {
    /** A stop string is complete. */
    STOP,
    /** The model drew a token that ends a text. */
    EOS,
    /** There are as many tokens as allowed, or the context is full. */
    LENGTH
  }

  /** A token that could have been drawn. */
  public record Likely(int id, double logProb) {}

  public Completion {
    top = List.copyOf(top);
  }
}
