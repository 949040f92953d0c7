package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Message;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PairLineTest {
  /** What is written is read back as the same pair, with the written columns beside it. */
  @Property(tries = 200)
  void everyPairReadsBack(@ForAll("pairs") Preference pair) throws IOException {
    Path file = Files.createTempFile("goodhart", ".jsonl");
    try {
      Files.writeString(file, PairLine.of(pair) + "\n");
      Preference back = Dataset.open(file).preferences().toList().getFirst();
      assertEquals(pair.id(), back.id());
      assertEquals(pair.prompt(), back.prompt());
      assertEquals(pair.chosen(), back.chosen());
      assertEquals(pair.rejected(), back.rejected());
      assertEquals(pair.probability(), back.probability());
      assertEquals(pair.strength(), back.strength());
      assertEquals(pair.weight(), back.weight());
      assertEquals(pair.columns().get("source"), back.columns().get("source"));
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<Preference> pairs() {
    Arbitrary<String> texts =
        Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(20).filter(t -> !t.isBlank());
    Arbitrary<Prompt> plain = texts.map(Prompt::of);
    Arbitrary<Prompt> turns =
        texts
            .list()
            .ofMinSize(2)
            .ofMaxSize(4)
            .map(list -> new Prompt(list.stream().map(t -> new Message("user", t)).toList()));
    Arbitrary<OptionalDouble> strengths =
        Arbitraries.oneOf(
            Arbitraries.just(OptionalDouble.empty()),
            Arbitraries.doubles().between(0, 100).map(OptionalDouble::of));
    return Combinators.combine(
            Arbitraries.oneOf(plain, turns),
            texts,
            texts,
            Arbitraries.doubles().between(0, 1),
            strengths,
            Arbitraries.doubles().between(0, 9))
        .filter((prompt, chosen, rejected, p, s, w) -> !chosen.equals(rejected))
        .as(
            (prompt, chosen, rejected, probability, strength, weight) ->
                new Preference(
                    "row 7",
                    prompt,
                    chosen,
                    rejected,
                    probability,
                    strength,
                    weight,
                    Map.of("source", "web")));
  }

  @Test
  void aTranscriptInOneTurnStaysOneTurn() throws IOException {
    Preference pair = Preference.of("\n\nHuman: hi\n\nAssistant: ho", "a", "b");
    Path file = Files.createTempFile("goodhart", ".jsonl");
    try {
      Files.writeString(file, PairLine.of(pair));
      assertEquals(
          List.of(pair.prompt()),
          Dataset.open(file).preferences().toList().stream().map(Preference::prompt).toList());
    } finally {
      Files.delete(file);
    }
  }
}
