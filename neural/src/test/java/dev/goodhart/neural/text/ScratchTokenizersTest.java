package dev.goodhart.neural.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.run.Progress;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Byte, character and trained tokenizers. */
class ScratchTokenizersTest {
  private static final List<String> ENGLISH =
      List.of(
          "the cat sat on the mat and the rat sat on the cat",
          "that cat is fat, isn't it? It's the fattest: 1234 grams",
          "naïve café — 東京へ行く 🙂🙂 the end\n\n\tthe end");

  private static final Tokenizer BYTES = Tokenizers.bytes();
  private static final Tokenizer BPE = new BytePairEncoding(400, 2).train(ENGLISH, Progress.NONE);

  private static final Tokenizer CHARACTERS = Tokenizers.characters("héllo wörld\n🙂<|");
  private static RustTokenizer BYTES_IN_RUST;
  private static Tokenizer CHARACTERS_IN_RUST;

  @BeforeContainer
  @BeforeAll
  static void readBack() throws IOException {
    Path folder = Files.createTempDirectory("tokenizers");
    BYTES.save(folder.resolve("bytes"));
    BYTES_IN_RUST = new RustTokenizer(Files.readString(folder.resolve("bytes/tokenizer.json")));
    CHARACTERS.save(folder.resolve("characters"));
    CHARACTERS_IN_RUST = Tokenizers.open(folder.resolve("characters"));
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  @Test
  void theIdOfAByteIsTheByte() {
    assertArrayEquals(new int[] {0x41, 0xC3, 0xA9, 0, 0x20, 0x0A}, BYTES.encode("Aé\0 \n"));
    assertEquals(259, BYTES.size());
    assertEquals(OptionalInt.of(257), BYTES.eos());
  }

  @Test
  void specialTokensAreFoundInTextAndLeftOutOfIt() {
    int[] ids = BYTES.encode("a<|eos|>");

    assertArrayEquals(new int[] {'a', 257}, ids);
    assertEquals("a", BYTES.decode(ids));
    assertEquals("a<|eos|>", BYTES.decode(ids, true));
    assertTrue(BYTES.isSpecial(257));
  }

  /** Of "aaabdaaabac" the pair aa is taken first, then aa+a … : Wikipedia's example, by hand. */
  @Test
  void theMostFrequentPairsBecomeTokens() {
    // Pairs: aa 4, ab 2, bd 1, da 1, ba 1, ac 1. After Z = aa: Z a 2, a b 2, b d, d Z, b a, a c.
    // Of Z a and a b, equally frequent, a b has the smaller ids. Then Z ab twice.
    Tokenizer learnt =
        new BytePairEncoding(259 + 3, 2).train(List.of("aaabdaaabac"), Progress.NONE);

    assertEquals("aa", learnt.token(256));
    assertEquals("ab", learnt.token(257));
    assertEquals("aaab", learnt.token(258));
    assertArrayEquals(new int[] {258, 'd', 258, 'a', 'c'}, learnt.encode("aaabdaaabac"));
  }

  @Test
  void rarePairsAreLeftAlone() {
    assertEquals(259, new BytePairEncoding(400, 2).train(List.of("abc"), Progress.NONE).size());
    assertEquals(261, new BytePairEncoding(400, 1).train(List.of("abc"), Progress.NONE).size());
  }

  /** The incremental counts against the definition: count all pairs anew for each merge. */
  @Property(tries = 60)
  void mergesAreThoseOfTheDefinition(
      @ForAll @Size(min = 1, max = 12) List<@net.jqwik.api.From("words") String> words) {
    List<String> expected = naive(words, 256 + 12);

    Tokenizer learnt = new BytePairEncoding(259 + 12, 2).train(words, Progress.NONE);

    List<String> tokens = IntStream.range(256, learnt.size() - 3).mapToObj(learnt::token).toList();
    assertEquals(expected, tokens);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withChars("abc").ofMinLength(1).ofMaxLength(14);
  }

  private static List<String> naive(List<String> words, int size) {
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) tokens.add(String.valueOf(ByteLevel.character(b)));
    List<List<Integer>> cut = new ArrayList<>();
    for (String word : words) {
      cut.add(new ArrayList<>(word.chars().boxed().toList()));
    }
    while (tokens.size() < size) {
      int[] best = {0, 0, 0};
      for (int a = 0; a < tokens.size(); a++) {
        for (int b = 0; b < tokens.size(); b++) {
          if (a > 255 || a >= 'a' && a <= 'c') {
            int count = count(cut, a, b);
            if (count > best[0]) best = new int[] {count, a, b};
          }
        }
      }
      if (best[0] < 2) break;
      String spelt = tokens.get(best[1]) + tokens.get(best[2]);
      int id = tokens.indexOf(spelt);
      if (id < 0) {
        id = tokens.size();
        tokens.add(spelt);
      }
      for (List<Integer> word : cut) {
        for (int i = 0; i + 1 < word.size(); i++) {
          if (word.get(i) == best[1] && word.get(i + 1) == best[2]) {
            word.set(i, id);
            word.remove(i + 1);
          }
        }
      }
    }
    return tokens.subList(256, tokens.size());
  }

  private static int count(List<List<Integer>> words, int a, int b) {
    int count = 0;
    for (List<Integer> word : words) {
      for (int i = 0; i + 1 < word.size(); i++) {
        if (word.get(i) == a && word.get(i + 1) == b) count++;
      }
    }
    return count;
  }

  @Property(tries = 300)
  void everyTextComesBack(@ForAll("unicode") String text) {
    assertEquals(text, BYTES.decode(BYTES.encode(text), true));
    assertEquals(text, BPE.decode(BPE.encode(text), true));
    assertEquals(
        text.getBytes(StandardCharsets.UTF_8).length, BYTES.encode(text).length, "one id a byte");
  }

  @Property(tries = 200)
  void piecesOfAStreamMakeTheWhole(@ForAll @Size(max = 60) List<@IntRange(max = 402) Integer> ids) {
    for (Tokenizer tokenizer : List.of(BYTES, BPE)) {
      int[] all = ids.stream().mapToInt(Integer::intValue).toArray();
      for (boolean special : new boolean[] {false, true}) {
        Decoding decoding = tokenizer.decoding(special);
        StringBuilder pieces = new StringBuilder();
        for (int id : all) pieces.append(decoding.add(id));
        pieces.append(decoding.end());
        assertEquals(tokenizer.decode(all, special), pieces.toString());
      }
    }
  }

  /** Bytes are joined here in Java; Hugging Face's library must say the same. */
  @Property(tries = 200)
  void joinedBytesAreWhatTheLibraryMakesOfThem(
      @ForAll @Size(max = 40) List<@IntRange(max = 255) Integer> ids) {
    int[] all = ids.stream().mapToInt(Integer::intValue).toArray();
    assertEquals(BYTES_IN_RUST.decode(all, true), BYTES.decode(all, true));
  }

  @Property(tries = 100)
  void charactersReadBackByTheLibraryHaveTheSameIds(@ForAll("unicode") String text) {
    for (String each : List.of(text, "hello" + text + "🙂<|eos|><|", "<|bos|>ö")) {
      assertArrayEquals(CHARACTERS.encode(each), CHARACTERS_IN_RUST.encode(each), each);
      int[] ids = CHARACTERS.encode(each);
      assertEquals(CHARACTERS.decode(ids, true), CHARACTERS_IN_RUST.decode(ids, true));
      assertEquals(CHARACTERS.decode(ids), CHARACTERS_IN_RUST.decode(ids));
    }
    assertEquals(CHARACTERS.special(), CHARACTERS_IN_RUST.special());
  }

  @Provide
  Arbitrary<String> unicode() {
    Arbitrary<Integer> any = Arbitraries.integers().between(0, Character.MAX_CODE_POINT);
    Arbitrary<Integer> near = Arbitraries.of(0, 32, 10, 13, 97, 116, 0xE9, 0x301);
    return Arbitraries.oneOf(any, near)
        .filter(c -> c < 0xD800 || c > 0xDFFF)
        .list()
        .ofMaxSize(40)
        .map(
            codes -> {
              StringBuilder text = new StringBuilder();
              codes.forEach(text::appendCodePoint);
              return text.toString();
            });
  }

  @Test
  void halfAPairOfSurrogatesIsReadAsUnknown() {
    assertEquals("a\ufffdb", BYTES.decode(BYTES.encode("a\ud83db")));
    assertEquals("\ufffd🙂", BYTES.decode(BYTES.encode("\ude00🙂")));
  }

  @Test
  void whatIsSavedIsReadBack(@TempDir Path folder) {
    BPE.save(folder);
    Tokenizer read = Tokenizers.open(folder);
    read.save(folder.resolve("copy"));
    Tokenizer copied = Tokenizers.open(folder.resolve("copy"));

    for (String text : ENGLISH) {
      assertArrayEquals(BPE.encode(text), read.encode(text));
      assertArrayEquals(BPE.encode(text), copied.encode(text));
    }
    assertEquals(BPE.special(), read.special());
    assertEquals(BPE.size(), read.size());
  }

  @Test
  void theSameTextsMakeTheSameTokenizer(@TempDir Path folder) throws Exception {
    BPE.save(folder);
    new BytePairEncoding(400, 2).train(ENGLISH, Progress.NONE).save(folder.resolve("again"));

    assertEquals(
        -1,
        Files.mismatch(folder.resolve("tokenizer.json"), folder.resolve("again/tokenizer.json")));
  }

  @Test
  void manyThreadsMayEncodeAtOnce() {
    int[] expected = BPE.encode(ENGLISH.get(2));
    assertTrue(
        IntStream.range(0, 2000)
            .parallel()
            .allMatch(i -> Arrays.equals(expected, BPE.encode(ENGLISH.get(2)))));
  }

  @Test
  void aVocabularyThatCannotHoldTheBytesIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> new BytePairEncoding(258, 2));

    assertTrue(e.getMessage().startsWith("vocabulary must lie in [259,"), e.getMessage());
  }
}
