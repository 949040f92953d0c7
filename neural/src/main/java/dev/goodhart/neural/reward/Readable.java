package dev.goodhart.neural.reward;

import dev.goodhart.GoodhartException;
import dev.goodhart.signal.fit.Judgement;
import dev.goodhart.signal.fit.Split;
import java.util.List;
import java.util.Optional;

/**
 * The judgements of responses that the model can read.
 *
 * @param encoded by the response's number; empty for what is longer than the model reads
 * @param left how many judgements are not among them
 */
record Readable(
    List<Optional<Encoded>> encoded,
    List<Judgement> training,
    List<Judgement> development,
    List<Judgement> heldOut,
    int left) {
  static Readable of(Split split, List<Optional<Encoded>> encoded) {
    List<Judgement> training = readable(split.training(), encoded);
    List<Judgement> development = readable(split.development(), encoded);
    List<Judgement> heldOut = readable(split.heldOut(), encoded);
    if (training.isEmpty()) {
      throw new GoodhartException(
          "nothing to learn from: every response is longer than --max-length");
    }
    int all = split.training().size() + split.development().size() + split.heldOut().size();
    int left = all - training.size() - development.size() - heldOut.size();
    return new Readable(encoded, training, development, heldOut, left);
  }

  private static List<Judgement> readable(List<Judgement> all, List<Optional<Encoded>> encoded) {
    return all.stream()
        .filter(
            j ->
                encoded.get(j.first()).isPresent()
                    && (j.isLabel() || encoded.get(j.second()).isPresent()))
        .toList();
  }

  Encoded at(int response) {
    return encoded.get(response).orElseThrow();
  }

  /** The tokens of each response, none for those that cannot be read. */
  int[][] ids() {
    return encoded.stream().map(e -> e.map(Encoded::ids).orElse(new int[0])).toArray(int[][]::new);
  }
}
