package dev.goodhart.neural.align.offline;

import dev.goodhart.neural.align.Responses;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.Packed;
import dev.goodhart.run.Progress;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What a model says of given responses. */
final class Answers {
  private Answers() {}

  static Responses of(Decoder decoder, List<Answer> answers) {
    return Responses.of(
        decoder,
        answers.stream().map(Answer::prompt).toList(),
        answers.stream().map(Answer::tokens).toList());
  }

  /** Log-probabilities of whole responses, in 32 bits, {@code [answers]}. */
  static Tensor logProbs(Decoder decoder, List<Answer> answers) {
    Responses responses = of(decoder, answers);
    Tensor byToken = responses.written(responses.distribution(decoder, 1));
    long[] owners = new long[answers.stream().mapToInt(a -> a.tokens().length).sum()];
    int at = 0;
    for (int i = 0; i < answers.size(); i++) {
      int end = at + answers.get(i).tokens().length;
      Arrays.fill(owners, at, end, i);
      at = end;
    }
    Tensor none = decoder.device().zeros(ScalarType.Float, answers.size());
    return none.index_add(0, decoder.device().longs(owners), byToken);
  }

  /** Lengths in tokens, {@code [answers]}. */
  static Tensor lengths(Tensor like, List<Answer> answers) {
    return Ops.like(like, answers.stream().mapToDouble(a -> a.tokens().length).toArray());
  }

  /** Log-probabilities of whole responses, without gradient, in bounded passes. */
  static double[] logProbs(
      Decoder decoder, List<Answer> answers, int tokensPerPass, Progress progress) {
    double[] all = new double[answers.size()];
    int[] lengths = answers.stream().mapToInt(Answer::length).toArray();
    progress.start("what the reference says, responses", answers.size());
    try {
      for (int[] some : Packed.passes(lengths, tokensPerPass)) {
        try (Scope ignored = Scope.inference()) {
          List<Answer> pass = Arrays.stream(some).mapToObj(answers::get).toList();
          double[] values = Ops.doubles(logProbs(decoder, pass));
          for (int i = 0; i < some.length; i++) all[some[i]] = values[i];
        }
        progress.advance(some.length);
      }
    } finally {
      progress.done();
    }
    return all;
  }
}
