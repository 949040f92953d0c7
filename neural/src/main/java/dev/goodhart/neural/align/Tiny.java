package dev.goodhart.neural.align;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.generate.ChatPrompts;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.run.Progress;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A new Llama with random weights and the world's own tokenizer, small enough for two cores.
 *
 * @param layers at least 1
 * @param width of the residual stream, a multiple of twice the heads
 * @param heads at least 1
 * @param context how many tokens prompt and response have together at most
 */
@Method(name = "tiny")
public record Tiny(
    @Default("4") int layers,
    @Default("128") int width,
    @Default("4") int heads,
    @Default("1024") int context)
    implements BaseModel {
  public Tiny {
    if (layers < 1 || heads < 1 || width < 1 || context < 2 || width % (2 * heads) != 0) {
      throw new IllegalArgumentException(
          "width must be a multiple of twice the heads, and all at least 1; not %d layers of width %d with %d heads and a context of %d"
              .formatted(layers, width, heads, context));
    }
  }

  @Override
  public Policy open(World.Tasks tasks, long seed, Device device, Progress progress) {
    Tokenizer tokenizer = tasks.tokenizer();
    if (tokenizer == null) {
      throw new GoodhartException(
          "model: this world has no tokenizer for a new model; name one that exists with 'model: {"
              + " folder: PATH }'");
    }
    var special =
        new DecoderConfig.Special(
            box(tokenizer.bos()), tokenizer.eos().stream().boxed().toList(), box(tokenizer.pad()));
    if (special.eos().equals(List.of())) {
      throw new GoodhartException("model: the world's tokenizer has no token that ends a response");
    }
    DecoderConfig config =
        new DecoderConfig(
            DecoderConfig.Family.LLAMA,
            tokenizer.size(),
            width,
            (width * 8 / 3 + 7) / 8 * 8,
            layers,
            heads,
            heads,
            width / heads,
            1e-6,
            10_000,
            null,
            true,
            false,
            false,
            false,
            context,
            0,
            0,
            special);
    return new Policy(
        HfFolder.random(config, seed, device),
        tokenizer,
        ChatPrompts.plain(tokenizer),
        special.eos());
  }

  private static @Nullable Integer box(OptionalInt id) {
    return id.isPresent() ? id.getAsInt() : null;
  }
}
