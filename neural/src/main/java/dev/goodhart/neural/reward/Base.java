package dev.goodhart.neural.reward;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.DecoderConfig;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Lora;
import dev.goodhart.neural.text.BytePairEncoding;
import dev.goodhart.neural.text.ChatTemplate;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a fit starts from: a transformer, and how samples become its tokens.
 *
 * @param start the transformer with heads that the m-th training begins with
 */
record Base(IntFunction<Decoder> start, RewardText text) {
  /** Of a tokenizer for a model from scratch: small, as the data is. */
  private static final int VOCABULARY = 4096;

  Decoder member(int m) {
    return start.apply(m);
  }

  /**
   * @param model a preset or a folder
   * @param texts that a new tokenizer is learnt from: those of the training prompts alone
   */
  static Base of(
      String model,
      NeuralPreferences method,
      Stream<ResponseTexts.Text> texts,
      long seed,
      Device device,
      Progress progress) {
    int heads = method.outputs() * (method.members() == Members.HEADS ? method.ensemble() : 1);
    if (NeuralPreferences.PRESETS.contains(model)) {
      return fromScratch(model.equals("tiny"), method, heads, texts, seed, device, progress);
    }
    Path folder = Path.of(model);
    Tokenizer tokenizer = Tokenizers.open(folder);
    Decoder decoder = HfFolder.read(folder, device, progress);
    return new Base(
        m -> adapted(withHeads(decoder, heads, seed + m), method, seed + m),
        new RewardText(
            tokenizer,
            ChatTemplate.open(folder, tokenizer),
            Math.min(method.maxLength(), decoder.config().maxPositions())));
  }

  private static Base fromScratch(
      boolean tiny,
      NeuralPreferences method,
      int heads,
      Stream<ResponseTexts.Text> texts,
      long seed,
      Device device,
      Progress progress) {
    Set<String> read = new LinkedHashSet<>();
    texts.forEach(
        t -> {
          read.add(t.prompt().text());
          read.add(t.response());
        });
    Tokenizer tokenizer = new BytePairEncoding(VOCABULARY, 2).train(read, progress);
    DecoderConfig.Special special =
        new DecoderConfig.Special(
            box(tokenizer.bos()),
            tokenizer.eos().isPresent() ? List.of(tokenizer.eos().getAsInt()) : List.of(),
            box(tokenizer.pad()));
    DecoderConfig config =
        tiny
            ? DecoderConfig.tiny(tokenizer.size(), special)
            : DecoderConfig.small(tokenizer.size(), special);
    return new Base(
        m -> {
          Decoder decoder = HfFolder.random(config.withLabels(heads), seed + m, device);
          return adapted(decoder, method, seed + m);
        },
        new RewardText(tokenizer, ChatTemplate.plain(tokenizer), method.maxLength()));
  }

  private static Decoder adapted(Decoder decoder, NeuralPreferences method, long seed) {
    int rank = method.lora();
    return rank == 0
        ? decoder
        : decoder.with(Lora.random(decoder, rank, 2.0 * rank, Lora.PROJECTIONS, seed));
  }

  private static @Nullable Integer box(OptionalInt id) {
    return id.isPresent() ? id.getAsInt() : null;
  }

  /**
   * The same transformer with so many heads: the one that it has where one is asked for, else new
   * ones, normal with a deviation of 1/√hidden, so that rewards begin with a deviation of about 1.
   */
  static Decoder withHeads(Decoder decoder, int heads, long seed) {
    if (decoder.config().labels() == heads) {
      return decoder;
    }
    Map<String, Tensor> weights = new LinkedHashMap<>(decoder.weights());
    weights.remove("lm_head.weight");
    int hidden = decoder.config().hidden();
    float[] values = new float[heads * hidden];
    SplittableRandom random = new Seeds(seed).of("heads");
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(hidden));
    }
    Tensor type = weights.values().iterator().next();
    weights.put(
        "score.weight",
        Scope.outside(
            () ->
                decoder
                    .device()
                    .move(Tensor.create(values, new long[] {heads, hidden}), type.scalar_type())));
    return new Decoder(decoder.config().withLabels(heads), weights);
  }
}
