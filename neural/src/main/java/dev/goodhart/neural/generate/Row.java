package dev.goodhart.neural.generate;

import dev.goodhart.neural.generate.Completion.Finish;
import dev.goodhart.neural.generate.Completion.Likely;
import dev.goodhart.neural.text.Decoding;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A response that is being written in a row of the cache. */
final class Row {
  private final PromptTokens prompt;
  private final int sample;
  private final SplittableRandom random;
  private final @Nullable Decoding decoding;
  private final StopStrings stops;
  private final StringBuilder text = new StringBuilder();
  private final List<List<Likely>> top = new ArrayList<>();
  private int[] tokens = new int[16];
  private double[] logProbs = new double[16];
  private double[] sampledLogProbs = new double[16];
  private int count;
  private @Nullable Finish finish;

  /** How many tokens of prompt and response the cache holds. */
  private int cached;

  /**
   * @param cached 0 before the prompt is read; otherwise all but its last token are in the cache
   */
  Row(
      PromptTokens prompt,
      int sample,
      Sampling sampling,
      @Nullable Tokenizer tokenizer,
      int cached) {
    this.prompt = prompt;
    this.sample = sample;
    this.cached = cached;
    // One number a position, from a stream of the sample's own: nothing else has a part in it.
    long seed = new Seeds(sampling.seed()).of("prompt", prompt.id()).nextLong();
    this.random = new Seeds(seed).of("sample", sample);
    this.decoding = tokenizer == null ? null : tokenizer.decoding(false);
    this.stops = new StopStrings(sampling.stop());
  }

  PromptTokens prompt() {
    return prompt;
  }

  int cached() {
    return cached;
  }

  boolean isFinished() {
    return finish != null;
  }

  /** The token that the model reads next. */
  int next() {
    return count == 0 ? prompt.tokens()[prompt.tokens().length - 1] : tokens[count - 1];
  }

  /** The model has read the next token, or the whole prompt. */
  void read(int tokens) {
    cached += tokens;
  }

  /** In [0, 1 − 2⁻⁵²]. */
  double uniform() {
    return (random.nextLong() >>> 12) * 0x1p-52;
  }

  /** The tokens that stand in prompt and response. */
  int[] seen() {
    int n = prompt.tokens().length;
    int[] seen = Arrays.copyOf(prompt.tokens(), n + count);
    System.arraycopy(tokens, 0, seen, n, count);
    return seen;
  }

  /**
   * Takes the token that was drawn.
   *
   * @param likely empty where nobody asked
   * @param context how many tokens prompt and response may have together
   */
  Token add(
      int id,
      double logProb,
      double sampledLogProb,
      List<Likely> likely,
      Sampling sampling,
      Set<Integer> eos,
      int context) {
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
      logProbs = Arrays.copyOf(logProbs, 2 * count);
      sampledLogProbs = Arrays.copyOf(sampledLogProbs, 2 * count);
    }
    tokens[count] = id;
    logProbs[count] = logProb;
    sampledLogProbs[count] = sampledLogProb;
    if (sampling.logprobs() > 0) top.add(likely);
    count++;
    String piece = "";
    if (eos.contains(id)) {
      finish = Finish.EOS;
    } else {
      if (decoding != null) piece = stops.add(decoding.add(id));
      if (count == sampling.maxTokens() || prompt.tokens().length + count == context) {
        finish = Finish.LENGTH;
      }
    }
    if (finish != null && decoding != null) piece += stops.add(decoding.end());
    if (stops.stopped()) {
      finish = Finish.STOP;
    } else if (finish != null) {
      piece += stops.end();
    }
    text.append(piece);
    return new Token(prompt.id(), sample, count - 1, id, logProb, piece);
  }

  Completion completion() {
    if (finish == null) throw new IllegalStateException("the response is not finished");
    return new Completion(
        prompt.id(),
        sample,
        Arrays.copyOf(tokens, count),
        text.toString(),
        finish,
        Arrays.copyOf(logProbs, count),
        Arrays.copyOf(sampledLogProbs, count),
        top);
  }
}
