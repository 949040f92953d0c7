package dev.goodhart.signal.fit;

import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entries;
import dev.goodhart.data.Entry;
import dev.goodhart.data.Example;
import dev.goodhart.data.Pairs;
import dev.goodhart.data.inspect.MinHash;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.PromptKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes examples one after the other and gives the {@link PreferenceData}. Each response goes to
 * the {@link Responses} once, however many comparisons it takes part in; its text is not kept here.
 *
 * <ul>
 *   <li>A pair is itself; a ranked list is its pairs of different rank.
 *   <li>Ratings become pairs between all responses to the same prompt that differ in it, the
 *       difference being the strength.
 *   <li>A labelled response is learnt from on its own.
 * </ul>
 */
public final class PreferenceReader {
  /** Prompts that share this much of their word triples stand on the same side of a split. */
  private static final double ALIKE = 0.8;

  private final Responses responses;
  private int[] lengths = new int[1024];

  private final Map<Long, Integer> promptIds = new HashMap<>();
  private final Map<Long, Integer> responseIds = new HashMap<>();
  private final List<Prompt> prompts = new ArrayList<>();
  private final List<Integer> family = new ArrayList<>();
  private final MinHash near = new MinHash(1 << 20, new Seeds(0));
  private final List<Judgement> judgements = new ArrayList<>();
  private final Map<Integer, List<Rating>> ratings = new LinkedHashMap<>();
  private final List<Stepwise> stepwise = new ArrayList<>();
  private boolean summing;
  private final BitSet fixed = new BitSet();
  private boolean holdingOut;
  private long unused;
  private long skipped;

  public PreferenceReader(Responses responses) {
    this.responses = responses;
  }

  /**
   * Reads a file.
   *
   * @param heldOut a file whose prompts are held out of training, wherever they occur
   * @throws GoodhartException if nothing in it says which response is better
   */
  public PreferenceData read(Dataset data, Optional<Dataset> heldOut, Progress progress) {
    if (heldOut.isPresent()) {
      holdOut(true);
      add(heldOut.get(), progress);
      holdOut(false);
    }
    add(data, progress);
    PreferenceData read = data();
    if (read.judgements().isEmpty()) {
      throw new GoodhartException(
          data.file()
              + ": holds "
              + data.layout().id()
              + ": nothing that says which response is better");
    }
    return read;
  }

  /**
   * Whether a response may have several ratings, which count by their sum; otherwise such a row is
   * an error.
   */
  public PreferenceReader summing(boolean ratings) {
    summing = ratings;
    return this;
  }

  /** Whether the prompts of the examples to come are held out of training, wherever they occur. */
  public void holdOut(boolean from) {
    holdingOut = from;
  }

  private void add(Dataset data, Progress progress) {
    progress.start("reading " + data.file().getFileName() + ", bytes", data.bytes());
    try (Entries entries = data.entries()) {
      long before = 0;
      while (entries.hasNext()) {
        if (entries.next() instanceof Entry.Good good) {
          add(good);
        }
        progress.advance(entries.bytesRead() - before);
        before = entries.bytesRead();
      }
      skipped += entries.bad();
    } finally {
      progress.done();
    }
  }

  private void add(Entry.Good good) {
    try {
      good.examples().forEach(this::add);
    } catch (GoodhartException e) {
      throw new GoodhartException(
          good.row().file() + ":" + good.row().line() + ": " + e.getMessage(), e);
    }
  }

  public void add(Example example) {
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
    judgements.add(
        new Judgement(
            prompt,
            response(prompt, pair.chosen()),
            response(prompt, pair.rejected()),
            pair.probability(),
            pair.strength().orElse(0),
            pair.weight()));
  }

  private void add(Example.Labelled labelled) {
    int prompt = prompt(labelled.sample().prompt());
    int response = response(prompt, labelled.sample().response());
    judgements.add(new Judgement(prompt, response, Judgement.NONE, labelled.label(), 0, 1));
    Stepwise.of(prompt, response, labelled.sample()).ifPresent(stepwise::add);
  }

  private void add(Example.Rated rated) {
    Sample sample = rated.sample();
    if (rated.ratings().size() != 1 && !summing) {
      throw new GoodhartException(
          "has the ratings "
              + String.join(", ", rated.ratings().keySet())
              + ": name one with --score");
    }
    int prompt = prompt(sample.prompt());
    ratings
        .computeIfAbsent(prompt, p -> new ArrayList<>())
        .add(new Rating(prompt, response(prompt, sample.response()), rated.ratings()));
  }

  private int prompt(Prompt prompt) {
    String text = prompt.text();
    int number =
        promptIds.computeIfAbsent(
            PromptKey.of(text),
            key -> {
              int id = promptIds.size();
              prompts.add(prompt);
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
    if (id == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * id);
    }
    lengths[id] = response.length();
    responses.add(prompts.get(prompt), response);
    return id;
  }

  /** All that was read. */
  public PreferenceData data() {
    ratings.forEach(this::compare);
    List<Rating> rated = ratings.values().stream().flatMap(List::stream).toList();
    ratings.clear();
    long[] keys = new long[promptIds.size()];
    promptIds.forEach((key, id) -> keys[id] = key);
    boolean[] flags = new boolean[promptIds.size()];
    fixed.stream().forEach(p -> flags[p] = true);
    return new PreferenceData(
        Arrays.copyOf(lengths, responseIds.size()),
        keys,
        family.stream().mapToInt(Integer::intValue).toArray(),
        flags,
        judgements,
        rated,
        stepwise,
        unused,
        skipped);
  }

  private void compare(int prompt, List<Rating> rated) {
    for (int i = 0; i < rated.size(); i++) {
      for (int j = i + 1; j < rated.size(); j++) {
        Rating a = rated.get(i);
        Rating b = rated.get(j);
        if (a.sum() != b.sum() && a.response() != b.response()) {
          Rating better = a.sum() > b.sum() ? a : b;
          Rating worse = a.sum() > b.sum() ? b : a;
          double strength = better.sum() - worse.sum();
          judgements.add(
              new Judgement(prompt, better.response(), worse.response(), 1, strength, 1));
        }
      }
    }
  }
}
