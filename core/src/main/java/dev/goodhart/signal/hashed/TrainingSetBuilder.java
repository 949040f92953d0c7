package dev.goodhart.signal.hashed;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.Example;
import dev.goodhart.data.Pairs;
import dev.goodhart.data.inspect.MinHash;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.PromptKey;
import dev.goodhart.signal.hashed.TrainingSet.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Takes examples one after the other and gives the {@link TrainingSet}. Each response is read for
 * its features once, however many comparisons it takes part in, on other threads while the caller
 * parses the next rows; what comes out does not depend on which thread was faster. Texts are not
 * kept.
 *
 * <ul>
 *   <li>A pair is itself; a ranked list is its pairs of different rank.
 *   <li>Ratings become pairs between all responses to the same prompt that differ in it, the
 *       difference being the strength.
 *   <li>A labelled response is learnt from on its own.
 * </ul>
 */
final class TrainingSetBuilder implements AutoCloseable {
  /** Responses to a task: enough that handing them over costs nothing beside reading them. */
  private static final int BATCH = 64;

  /** Prompts that share this much of their word triples stand on the same side of a split. */
  private static final double ALIKE = 0.8;

  private final HashedBradleyTerry method;
  private final ExecutorService readers;
  private final Semaphore ahead;
  private List<String[]> batch = new ArrayList<>(BATCH);
  private final List<CompletableFuture<Features[]>> read = new ArrayList<>();

  private final Map<Long, Integer> promptIds = new HashMap<>();
  private final Map<Long, Integer> responseIds = new HashMap<>();
  private final List<String> promptTexts = new ArrayList<>();
  private final List<Integer> family = new ArrayList<>();
  private final MinHash near = new MinHash(1 << 20, new Seeds(0));
  private final List<Item> items = new ArrayList<>();
  private final Map<Integer, List<Rating>> ratings = new LinkedHashMap<>();
  private final BitSet fixed = new BitSet();
  private boolean holdingOut;
  private long unused;
  private long skipped;

  private record Rating(int response, double value) {}

  TrainingSetBuilder(HashedBradleyTerry method) {
    this(method, Runtime.getRuntime().availableProcessors());
  }

  TrainingSetBuilder(HashedBradleyTerry method, int threads) {
    this.method = method;
    this.readers = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    this.ahead = new Semaphore(8 * threads);
  }

  /** Whether the prompts of the examples to come are held out of training, wherever they occur. */
  void holdOut(boolean from) {
    holdingOut = from;
  }

  /** Rows that could not be used. */
  void skipped(long rows) {
    skipped += rows;
  }

  void add(Example example) {
    switch (example) {
      case Example.Pair pair -> add(pair.preference());
      case Example.Ranked ranked -> Pairs.of(ranked).forEach(this::add);
      case Example.Labelled labelled -> add(labelled);
      case Example.Rated rated -> add(rated);
      case Example.Plain plain -> unused++;
      case Example.Task task -> unused++;
    }
  }

  private void add(Preference pair) {
    int prompt = prompt(pair.prompt());
    items.add(
        new Item(
            prompt,
            response(prompt, pair.chosen()),
            response(prompt, pair.rejected()),
            pair.probability(),
            margin(pair.strength()),
            pair.weight()));
  }

  private void add(Example.Labelled labelled) {
    int prompt = prompt(labelled.sample().prompt());
    int response = response(prompt, labelled.sample().response());
    items.add(new Item(prompt, response, Item.NONE, labelled.label(), 0, 1));
  }

  private void add(Example.Rated rated) {
    Sample sample = rated.sample();
    if (rated.ratings().size() != 1) {
      throw new GoodhartException(
          "has the ratings "
              + String.join(", ", rated.ratings().keySet())
              + ": name one with --score");
    }
    double value = rated.ratings().values().iterator().next();
    int prompt = prompt(sample.prompt());
    ratings
        .computeIfAbsent(prompt, p -> new ArrayList<>())
        .add(new Rating(response(prompt, sample.response()), value));
  }

  private double margin(OptionalDouble strength) {
    return method.margin() * strength.orElse(0);
  }

  private int prompt(Prompt prompt) {
    String text = prompt.text();
    int number =
        promptIds.computeIfAbsent(
            PromptKey.of(text),
            key -> {
              int id = promptIds.size();
              promptTexts.add(text);
              MinHash.@Nullable Near earlier = near.add(text, id);
              family.add(
                  earlier != null && earlier.similarity() >= ALIKE
                      ? family.get((int) earlier.mark())
                      : id);
              return id;
            });
    if (holdingOut) {
      fixed.set(number);
    }
    return number;
  }

  private int response(int prompt, String response) {
    long key = PromptKey.exactly(response) * 0x9e3779b97f4a7c15L + prompt;
    Integer known = responseIds.get(key);
    if (known != null) {
      return known;
    }
    int id = responseIds.size();
    responseIds.put(key, id);
    batch.add(new String[] {promptTexts.get(prompt), response});
    if (batch.size() == BATCH) {
      handOver();
    }
    return id;
  }

  private void handOver() {
    List<String[]> texts = batch;
    batch = new ArrayList<>(BATCH);
    ahead.acquireUninterruptibly();
    read.add(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                Extractor extractor = new Extractor(method.bits(), method.groups());
                return texts.stream()
                    .map(t -> extractor.of(extractor.words(t[0]), t[1]))
                    .toArray(Features[]::new);
              } finally {
                ahead.release();
              }
            },
            readers));
  }

  TrainingSet build() {
    handOver();
    ratings.forEach(this::compare);
    ratings.clear();
    Features[] responses =
        read.stream().map(CompletableFuture::join).flatMap(Arrays::stream).toArray(Features[]::new);
    long[] keys = new long[promptIds.size()];
    promptIds.forEach((key, id) -> keys[id] = key);
    int[] families = family.stream().mapToInt(Integer::intValue).toArray();
    return new TrainingSet(responses, keys, families, fixed(), items, unused, skipped);
  }

  private boolean[] fixed() {
    boolean[] flags = new boolean[promptIds.size()];
    fixed.stream().forEach(p -> flags[p] = true);
    return flags;
  }

  private void compare(int prompt, List<Rating> rated) {
    for (int i = 0; i < rated.size(); i++) {
      for (int j = i + 1; j < rated.size(); j++) {
        Rating a = rated.get(i);
        Rating b = rated.get(j);
        if (a.value() != b.value() && a.response() != b.response()) {
          Rating better = a.value() > b.value() ? a : b;
          Rating worse = a.value() > b.value() ? b : a;
          double margin = margin(OptionalDouble.of(better.value() - worse.value()));
          items.add(new Item(prompt, better.response(), worse.response(), 1, margin, 1));
        }
      }
    }
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
