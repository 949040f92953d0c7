package dev.goodhart.signal.hashed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ExtractorTest {
  private static final Set<FeatureGroup> ALL = EnumSet.allOf(FeatureGroup.class);

  private static int[] group(Features features, FeatureGroup group) {
    int g = group.place;
    return Arrays.copyOfRange(features.ngrams(), features.start(g), features.ends()[g]);
  }

  /**
   * Saved models depend on these numbers. They were computed by a program in another language from
   * the description of the hash.
   */
  @Test
  void bucketsAreThoseOfAnIndependentProgram() {
    Features features = new Extractor(20, ALL).of(Overlap.Words.NONE, "Don't go, go!");
    assertArrayEquals(
        new int[] {193371, 388718, 527260, 948759}, group(features, FeatureGroup.WORDS));
    assertArrayEquals(
        new int[] {142345, 370727, 785975, 817998, 966374, 996537},
        group(features, FeatureGroup.WORD_PAIRS));
    assertArrayEquals(
        new int[] {151684, 174455, 280317, 345539, 355636, 369514, 372468, 474455, 541135, 1012762},
        group(features, FeatureGroup.CHARACTERS));
    assertArrayEquals(
        new int[] {177186, 241987, 477726, 537422, 637666, 753670},
        group(features, FeatureGroup.OPENINGS));
  }

  @Property(tries = 200)
  void everyCharacterGramIsThereOnceInOrder(@ForAll @StringLength(max = 400) String text) {
    Set<Long> grams = new TreeSet<>();
    for (int i = 0; i + 4 <= text.length(); i++) {
      long gram = 0;
      for (char c : text.substring(i, i + 4).toCharArray()) {
        gram = gram * 65536 + c;
      }
      grams.add(gram);
    }
    TreeSet<Integer> buckets = new TreeSet<>();
    long kind = new BigInteger("9e3779b97f4a7c15", 16).multiply(BigInteger.valueOf(3)).longValue();
    for (long gram : grams) {
      long hash = Tokens.mix(gram ^ kind);
      buckets.add((int) Long.divideUnsigned(hash, 1L << 51)); // the upper 13 bits
    }
    Features features = new Extractor(13, ALL).of(Overlap.Words.NONE, text);
    assertArrayEquals(
        buckets.stream().mapToInt(Integer::intValue).toArray(),
        group(features, FeatureGroup.CHARACTERS));
  }

  @Test
  void whatAnEarlierTextLeftBehindMakesNoDifference() {
    String text = "A short answer.";
    Extractor used = new Extractor(16, ALL);
    Overlap.Words prompt = used.words("What is short?");
    used.of(prompt, "Something long, long, long. ".repeat(3000));
    Features again = used.of(prompt, text);
    Features fresh = new Extractor(16, ALL).of(prompt, text);
    assertArrayEquals(fresh.ngrams(), again.ngrams());
    assertArrayEquals(fresh.ends(), again.ends());
    assertArrayEquals(fresh.look(), again.look());
  }

  @Test
  void groupsThatAreNotWantedAreEmpty() {
    Features features =
        new Extractor(16, Set.of(FeatureGroup.WORDS)).of(Overlap.Words.NONE, "One two three");
    assertEquals(3, features.ngrams().length);
    assertArrayEquals(new float[Features.LOOK], features.look());
  }

  @Test
  void theLookOfAnAnswerCountedByHand() {
    // 27 characters: letters in words of 2, 7 and 8, digits 1 and 2, two line breaks in a row
    String text = "Hi, friends!\n\n1. Umbrella 2";
    float[] look = new Extractor(16, ALL).of(Overlap.Words.NONE, text).look();
    assertEquals(27, text.length());
    int k = 0;
    assertEquals(Math.log(28), look[k++], 1e-6);
    assertEquals(0, look[k++], 0); // below the corner at 50
    k += 7;
    assertEquals(Math.log(1 + 5), look[k++], 1e-6); // words: hi friends 1 umbrella 2
    assertEquals(Math.log(1 + 9), look[k++], 1e-6); // and , ! \n . are four marks more
    assertEquals(Math.log(1 + 2), look[k++], 1e-6); // line breaks
    assertEquals(Math.log(1 + 1), look[k++], 1e-6); // paragraphs
    assertEquals(Math.log(1 + 2), look[k++], 1e-6); // digits
    assertEquals(Math.log(1 + 2), look[k++], 1e-6); // capitals
    assertEquals(0, look[k++], 0); // not ASCII
    assertEquals(Math.log(1 + 1), look[k++], 1e-6); // numbered items
    assertEquals(0, look[k++], 0); // bullets
    assertEquals(Math.log(1 + 1), look[k++], 1e-6); // long words
    assertEquals(Math.log(1 + 2), look[k++], 1e-6); // sentences: "!" and "1."
    assertEquals(9.0 / 11, look[k++], 1e-6); // nine different of ten words and marks
    assertEquals(27.0 / 30, look[k++], 1e-6); // characters a word, over five
    assertEquals(0, look[k++], 0); // begins with white space
    assertEquals(1, look[k], 0); // begins with a capital
    assertEquals(Math.log(1 + 1), look[k + 1], 1e-6); // full stops
    assertEquals(Math.log(1 + 1), look[k + 2], 1e-6); // commas
    assertEquals(0, look[Style.SIZE - 1], 0); // does not end as a sentence does
  }

  @Test
  void whatAnswerAndPromptShareCountedByHand() {
    Extractor extractor = new Extractor(20, ALL);
    // words: add 12 apples to 30 apples . -- long: apples -- numbers: 12 30
    Overlap.Words prompt = extractor.words("Add 12 apples to 30 apples.");
    // words: 12 plus 30 makes 42 -- long: makes -- numbers: 12 30 42
    float[] look = extractor.of(prompt, "12 plus 30 makes 42").look();
    int k = Style.SIZE;
    assertEquals(2f / 7, look[k++], 1e-6); // two of the prompt's six
    assertEquals(2f / 6, look[k++], 1e-6);
    assertEquals(Math.log(3), look[k++], 1e-6);
    assertEquals(0, look[k++], 0); // no long word in common
    assertEquals(0, look[k++], 0);
    assertEquals(0, look[k++], 0);
    assertEquals(2f / 3, look[k++], 1e-6); // both numbers of the prompt
    assertEquals(2f / 4, look[k++], 1e-6);
    assertEquals(Math.log(3), look[k], 1e-6);
  }
}
