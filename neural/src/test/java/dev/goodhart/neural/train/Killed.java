package dev.goodhart.neural.train;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Fixtures.NextToken;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A training in a process of its own, to be killed: {@code Killed FOLDER}. */
final class Killed {
  static final String WEIGHTS = "weights";

  /** A checkpoint after every second step, so that many a kill falls into its writing. */
  private static final Recipe RECIPE =
      new Recipe(20, 8, 64, new Schedule(3e-3, 0.1, 0.1), AdamW.standard(), 1, 7, 0, 2);

  private Killed() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    List<int[]> data = Fixtures.counting(60, 17, 12, 1);
    List<int[]> heldOut = Fixtures.counting(20, 17, 12, 2);
    Decoder decoder = Fixtures.decoder(17, 32, 2);
    try (Parameters parameters = Parameters.of(decoder)) {
      System.out.println("started");
      new Trainer<>(RECIPE, 3, parameters, new NextToken(parameters.decoder(decoder)))
          .keptIn(folder, true)
          .reporting(Progress.NONE)
          .train(data, heldOut);
      float[] values = Ops.floats(parameters.values());
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
      bytes.asFloatBuffer().put(values);
      Files.write(folder.resolve(WEIGHTS), bytes.array());
    }
  }
}
