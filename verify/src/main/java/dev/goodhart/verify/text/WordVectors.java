package dev.goodhart.verify.text;

import dev.goodhart.GoodhartException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A vector of length 1 for each word: read from a file, or made of the word's hash, so that equal
 * words have a similarity of 1 and different ones next to none. Words are runs of letters and
 * digits, in lower case.
 */
final class WordVectors {
  private static final int HASHED = 512;
  private static final int MOST_WORDS = 3_000_000;
  private static final int MOST_DIMENSIONS = 4096;
  private static final long MOST_NUMBERS = 1L << 29;

  private final Optional<Map<String, float[]>> known;

  private WordVectors(Optional<Map<String, float[]>> known) {
    this.known = known;
  }

  /** Vectors of hashes. */
  static WordVectors hashed() {
    return new WordVectors(Optional.empty());
  }

  /**
   * Vectors of a file as word2vec and GloVe write them as text: a word and its numbers on each
   * line, separated by single spaces; a first line of two numbers is a heading.
   *
   * @throws GoodhartException naming the line that is none
   */
  static WordVectors read(Path file) {
    Map<String, float[]> vectors = new HashMap<>();
    int dimensions = 0;
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.stripTrailing().split(" ", MOST_DIMENSIONS + 2);
        number++;
        if (number == 1 && fields.length == 2) {
          continue;
        }
        dimensions = dimensions == 0 ? fields.length - 1 : dimensions;
        if (fields.length - 1 != dimensions
            || dimensions < 1
            || dimensions > MOST_DIMENSIONS
            || number > MOST_WORDS
            || (long) number * dimensions > MOST_NUMBERS) {
          throw new GoodhartException(
              "%s:%d: expected a word and %d numbers, at most %d of them in %d lines"
                  .formatted(file, number, dimensions, MOST_DIMENSIONS, MOST_WORDS));
        }
        vectors.putIfAbsent(fields[0].toLowerCase(Locale.ROOT), unit(fields, file, number));
      }
    } catch (CharacterCodingException e) {
      throw new GoodhartException(file + ": not UTF-8 text, expected word vectors", e);
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + e.getMessage(), e);
    }
    if (vectors.isEmpty()) {
      throw new GoodhartException(file + ": holds no word vectors");
    }
    return new WordVectors(Optional.of(vectors));
  }

  private static float[] unit(String[] fields, Path file, int number) {
    double[] values = new double[fields.length - 1];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = Double.parseDouble(fields[i + 1]);
      }
    } catch (NumberFormatException e) {
      throw new GoodhartException(
          file + ":" + number + ": expected numbers after the word, not " + e.getMessage(), e);
    }
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    if (!Double.isFinite(squares)) {
      throw new GoodhartException(file + ":" + number + ": a vector must be finite");
    }
    float[] vector = new float[values.length];
    for (int i = 0; i < values.length && squares > 0; i++) {
      vector[i] = (float) (values[i] / Math.sqrt(squares));
    }
    return vector;
  }

  /** The vectors of a text's words in their order; unknown words are left out. */
  List<float[]> of(String text, int shortest) {
    List<float[]> vectors = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean word = i < text.length() && Character.isLetterOrDigit(text.charAt(i));
      if (word && start < 0) {
        start = i;
      } else if (!word && start >= 0) {
        float[] vector =
            i - start < shortest ? null : vector(text.substring(start, i).toLowerCase(Locale.ROOT));
        if (vector != null) {
          vectors.add(vector);
        }
        start = -1;
      }
    }
    return vectors;
  }

  private float @Nullable [] vector(String word) {
    return known.isPresent() ? known.get().get(word) : hash(word);
  }

  private static float[] hash(String word) {
    long state = 0xcbf29ce484222325L;
    for (int i = 0; i < word.length(); i++) {
      state = (state ^ word.charAt(i)) * 0x100000001b3L;
    }
    float[] vector = new float[HASHED];
    float one = (float) (1 / Math.sqrt(HASHED));
    long bits = 0;
    for (int i = 0; i < HASHED; i++) {
      if (i % 64 == 0) {
        state += 0x9e3779b97f4a7c15L;
        bits = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
        bits ^= bits >>> 31;
      }
      vector[i] = (bits >>> (i % 64) & 1) == 0 ? one : -one;
    }
    return vector;
  }
}
