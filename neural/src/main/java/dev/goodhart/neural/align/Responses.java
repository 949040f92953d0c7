package dev.goodhart.neural.align;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.Forked;
import dev.goodhart.neural.model.Packed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Some responses in one pass: the model's hidden states where it is about to write each of their
 * tokens.
 *
 * @param hidden before each response token, the responses behind each other, {@code [tokens,
 *     hidden]}
 * @param ids the tokens that were written there, {@code [tokens]}
 */
public record Responses(Tensor hidden, Tensor ids) {
  static Responses of(Decoder decoder, List<Episode> episodes) {
    return of(
        decoder,
        episodes.stream().map(Episode::prompt).toList(),
        episodes.stream().map(Episode::tokens).toList());
  }

  /**
   * @param prompts token ids, at least one each
   * @param responses to them, one each
   */
  public static Responses of(Decoder decoder, List<int[]> prompts, List<int[]> responses) {
    Forked forked = Forked.of(prompts, responses, decoder);
    int tokens = responses.stream().mapToInt(r -> r.length).sum();
    long[] rows = new long[tokens];
    long[] ids = new long[tokens];
    int at = 0;
    for (int i = 0; i < responses.size(); i++) {
      for (int t = 0; t < responses.get(i).length; t++, at++) {
        rows[at] = forked.before(i, t);
        ids[at] = responses.get(i)[t];
      }
    }
    return new Responses(
        Ops.rows(forked.hidden(decoder), decoder.device().longs(rows)),
        decoder.device().longs(ids));
  }

  /** In 32 bits, {@code [tokens, vocabulary]}. */
  public Tensor logits(Decoder decoder) {
    return Ops.to(decoder.logits(hidden), ScalarType.Float);
  }

  /**
   * Log-probabilities of all tokens, in 32 bits, {@code [tokens, vocabulary]}.
   *
   * @param temperature of the draws
   */
  public Tensor distribution(Decoder decoder, double temperature) {
    return distribution(logits(decoder), temperature);
  }

  static Tensor distribution(Tensor logits, double temperature) {
    return Ops.logSoftmax(temperature == 1 ? logits : Ops.div(logits, temperature), 1);
  }

  /** Of the tokens that were written, {@code [tokens]}. */
  public Tensor written(Tensor distribution) {
    return Ops.pick(distribution, ids);
  }

  /** Log-probabilities of the tokens that were written, without gradient, {@code [episode][n]}. */
  static List<double[]> logProbs(
      Decoder decoder, List<Episode> episodes, double temperature, int tokensPerPass) {
    return each(
        episodes,
        tokensPerPass,
        some -> {
          Responses responses = of(decoder, some);
          return responses.written(responses.distribution(decoder, temperature));
        });
  }

  /** What a critic expects before each token, without gradient, {@code [episode][n]}. */
  static List<double[]> values(Decoder critic, List<Episode> episodes, int tokensPerPass) {
    return each(
        episodes,
        tokensPerPass,
        some -> Ops.to(critic.scores(of(critic, some).hidden()).select(1, 0), ScalarType.Float));
  }

  private interface Pass {
    Tensor of(List<Episode> episodes);
  }

  private static List<double[]> each(List<Episode> episodes, int tokensPerPass, Pass pass) {
    List<double[]> all = new ArrayList<>(Collections.nCopies(episodes.size(), new double[0]));
    int[] lengths = episodes.stream().mapToInt(e -> e.prompt().length + e.size()).toArray();
    for (int[] some : Packed.passes(lengths, tokensPerPass)) {
      double[] flat;
      try (Scope ignored = Scope.inference()) {
        flat = Ops.doubles(pass.of(Arrays.stream(some).mapToObj(episodes::get).toList()));
      }
      int at = 0;
      for (int i : some) {
        int n = episodes.get(i).size();
        all.set(i, Arrays.copyOfRange(flat, at, at + n));
        at += n;
      }
    }
    return all;
  }
}
