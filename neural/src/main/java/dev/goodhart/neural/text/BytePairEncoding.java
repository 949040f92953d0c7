package dev.goodhart.neural.text;

import dev.goodhart.Default;
import dev.goodhart.run.Progress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains a tokenizer on texts: begins with the 256 bytes and, again and again, makes the most
 * frequent pair of neighbouring tokens a token of its own, until the vocabulary is full. What it
 * never saw it still can write, byte by byte. Pairs are counted inside words, which are cut as
 * GPT-2 cuts them; of equally frequent pairs the one with the smaller ids comes first, so that the
 * same texts make the same tokenizer.
 *
 * <pre>{@code Tokenizer tokenizer = new BytePairEncoding(8192, 2).train(texts, Progress.NONE);}
 * </pre>
 *
 * <p>Source: Sennrich, Haddow and Birch 2016, Neural Machine Translation of Rare Words with Subword
 * Units; over bytes: Radford et al. 2019.
 *
 * @param vocabulary how many tokens at most, the 256 bytes and the three special tokens included
 * @param minimumFrequency how often a pair must occur to become a token
 */
public record BytePairEncoding(
    @Default("8192") int vocabulary, @Default("2") int minimumFrequency) {
  private static final Pattern WORD =
      Pattern.compile(
          "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\p{IsWhite_Space}\\p{L}\\p{N}]+"
              + "|\\p{IsWhite_Space}+(?!\\P{IsWhite_Space})|\\p{IsWhite_Space}+");

  public BytePairEncoding {
    int least = 256 + ScratchTokenizers.ROLES.size();
    if (vocabulary < least || vocabulary > 1 << 20) {
      throw new IllegalArgumentException(
          "vocabulary must lie in [" + least + ", 1048576], not " + vocabulary);
    }
    if (minimumFrequency < 1) {
      throw new IllegalArgumentException(
          "minimum-frequency must be at least 1, not " + minimumFrequency);
    }
  }

  /** Learns the tokens that these texts are best written in. */
  public Tokenizer train(Iterable<String> texts, Progress progress) {
    progress.start("counting words", -1);
    Map<String, Integer> counts = new HashMap<>();
    for (String text : texts) {
      Matcher word = WORD.matcher(WellFormed.of(text));
      while (word.find()) counts.merge(word.group(), 1, BytePairEncoding::saturated);
      progress.advance(1);
    }
    PairMerges merges = new PairMerges();
    // In a fixed order: the positions of a hash map's entries depend on its history.
    new TreeMap<>(counts)
        .forEach((word, count) -> merges.add(word.getBytes(StandardCharsets.UTF_8), count));
    counts.clear();
    int tokens = vocabulary - ScratchTokenizers.ROLES.size();
    progress.start("learning tokens", tokens - 256);
    Tokenizer tokenizer =
        ScratchTokenizers.byteLevel(
            merges.learn(tokens, minimumFrequency, progress), ScratchTokenizers.ROLES, true);
    progress.done();
    return tokenizer;
  }

  private static int saturated(int a, int b) {
    return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
  }
}
