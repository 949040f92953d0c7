package dev.goodhart.neural.generate;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.run.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/** Small random models whose next token is far from even. */
final class Models {
  static final int VOCABULARY = 50;
  static final int EOS = 1;

  private Models() {}

  /** Two layers, four heads that share two heads of keys. */
  static DecoderConfig config(int window) {
    return new DecoderConfig(
        window > 0 ? DecoderConfig.Family.MISTRAL : DecoderConfig.Family.LLAMA,
        VOCABULARY,
        32,
        48,
        2,
        4,
        2,
        8,
        1e-6,
        10_000,
        null,
        false,
        false,
        false,
        false,
        512,
        window,
        0,
        new DecoderConfig.Special(0, List.of(EOS), null));
  }

  static Decoder random(int window, long seed) {
    Decoder plain = HfFolder.random(config(window), seed, Device.CPU);
    Map<String, Tensor> weights = new LinkedHashMap<>(plain.weights());
    // Weights of deviation 0.02 hardly say anything; these give probabilities from 0 to 0.5.
    weights.replaceAll((name, w) -> w.dim() == 2 ? Scope.outside(() -> Ops.mul(w, 12)) : w);
    return new Decoder(plain.config(), weights);
  }

  static int[] tokens(int n, long seed) {
    SplittableRandom random = new Seeds(seed).of("tokens");
    return random.ints(n, 2, VOCABULARY).toArray();
  }
}
