package dev.goodhart.neural.generate;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes responses with a model.
 *
 * <pre>{@code
 * Generator generator = Generator.open(folder, Device.CPU, Progress.NONE);
 * Sampling sampling = generator.defaults().withTemperature(0.7).withN(4);
 * try (Generation run = generator.start(prompts.iterator(), sampling)) {
 *   while (run.hasNext()) {
 *     switch (run.next()) {
 *       case Token token -> ...
 *       case Completion completion -> ...
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p><b>The same response whatever the batch.</b> A response depends on the model, its prompt, the
 * {@link Sampling} and the numbers of prompt and sample, not on what is written beside it, up to
 * the rounding of matrix products: their last bits differ with the number of rows, which moves a
 * probability by 5e-8 on average, and a draw that falls into the gap comes out differently.
 *
 * <p>Safe to use from several threads; each {@link Generation} has a cache of its own.
 */
public final class Generator {
  private final Decoder decoder;
  private final @Nullable Tokenizer tokenizer;
  private final Sampling defaults;
  private final Limits limits;

  /**
   * @param tokenizer null to work with token ids alone: texts are empty then, and there are no stop
   *     strings
   * @param defaults see {@link #defaults()}
   */
  public Generator(
      Decoder decoder, @Nullable Tokenizer tokenizer, Sampling defaults, Limits limits) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.defaults = defaults.eos() == null ? defaults.withEos(eos(decoder, tokenizer)) : defaults;
    int longest = decoder.config().maxPositions();
    if (limits.context() > longest) {
      throw new GoodhartException(
          "a context of "
              + limits.context()
              + " tokens is more than this model's "
              + longest
              + " (max_position_embeddings)");
    }
    this.limits =
        limits.context() > 0 ? limits : limits.withContext(Math.min(longest, LONGEST_BY_DEFAULT));
  }

  private static final int LONGEST_BY_DEFAULT = 4096;

  /**
   * Reads a model's folder with its tokenizer and its {@code generation_config.json}.
   *
   * @throws GoodhartException if something is missing or damaged, naming it
   */
  public static Generator open(Path folder, Device device, Progress progress) {
    return new Generator(
        HfFolder.read(folder, device, progress),
        Tokenizers.open(folder),
        GenerationConfig.read(folder),
        Limits.DEFAULT);
  }

  private static List<Integer> eos(Decoder decoder, @Nullable Tokenizer tokenizer) {
    List<Integer> own = decoder.config().special().eos();
    if (!own.isEmpty() || tokenizer == null) return own;
    OptionalInt eos = tokenizer.eos();
    return eos.isPresent() ? List.of(eos.getAsInt()) : List.of();
  }

  /** The same model with other limits. */
  public Generator with(Limits other) {
    return new Generator(decoder, tokenizer, defaults, other);
  }

  /** What the model's folder says of sampling, with its end-of-text tokens. */
  public Sampling defaults() {
    return defaults;
  }

  public @Nullable Tokenizer tokenizer() {
    return tokenizer;
  }

  public Limits limits() {
    return limits;
  }

  /** How many bytes the cache of a generation may come to take. */
  public long cacheBytes() {
    return KvCache.bytes(decoder.config(), decoder.device(), limits.rows(), limits.context());
  }

  /**
   * Begins to write responses. Prompts are taken from the iterator as rows become free.
   *
   * @throws GoodhartException if the cache would take more than the limits allow, saying what to do
   */
  public Generation start(Iterator<PromptTokens> prompts, Sampling sampling) {
    Set<Integer> eos = new TreeSet<>(sampling.eos() == null ? ends() : sampling.eos());
    List<String> stops = new ArrayList<>();
    for (String stop : sampling.stop()) {
      if (tokenizer == null) {
        throw new IllegalArgumentException("stop strings need a tokenizer");
      }
      // A special token has no text that could be found.
      OptionalInt special = tokenizer.id(stop);
      if (special.isPresent() && tokenizer.isSpecial(special.getAsInt())) {
        eos.add(special.getAsInt());
      } else {
        stops.add(stop);
      }
    }
    return new Generation(decoder, tokenizer, sampling.withStop(stops), eos, limits, prompts);
  }

  private List<Integer> ends() {
    return defaults.eos() == null ? List.of() : defaults.eos();
  }

  /** All responses at once, in the order of the prompts and their samples. */
  public List<Completion> complete(Collection<PromptTokens> prompts, Sampling sampling) {
    Map<Long, Integer> order = new HashMap<>();
    for (PromptTokens prompt : prompts) order.putIfAbsent(prompt.id(), order.size());
    List<Completion> all = new ArrayList<>();
    try (Generation run = start(prompts.iterator(), sampling)) {
      while (run.hasNext()) {
        if (run.next() instanceof Completion completion) all.add(completion);
      }
    }
    all.sort(
        Comparator.<Completion>comparingInt(c -> order.getOrDefault(c.prompt(), 0))
            .thenComparingInt(Completion::sample));
    return all;
  }
}
