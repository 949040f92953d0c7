package dev.goodhart.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Unscored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutedTest {
  private static final Sample BARE = Sample.of("p", "two words");

  private static Sample of(String type) {
    return new Sample("", BARE.prompt(), BARE.response(), null, Map.of("task", type, "score", 7));
  }

  private static final Routed ROUTED =
      new Routed(
          "task", Map.of("words", new Length(Length.Unit.WORDS), "given", new Column("score")));

  @Test
  void everySampleGoesToTheSignalOfItsTypeAloneOrInABatch() {
    List<Sample> batch = List.of(of("given"), of("words"), BARE, of("other"), of("given"));
    List<Reward> rewards = ROUTED.of(batch);
    assertEquals(Reward.of(7), rewards.get(0));
    assertEquals(Reward.of(2), rewards.get(1));
    assertTrue(assertInstanceOf(Unscored.class, rewards.get(2)).reason().contains("'task'"));
    assertTrue(assertInstanceOf(Unscored.class, rewards.get(3)).reason().contains("'other'"));
    assertEquals(batch.stream().map(ROUTED::of).toList(), rewards);
    assertThrows(IllegalArgumentException.class, () -> new Routed("task", Map.of()));
  }

  @Test
  void whatItOpensItCloses() {
    List<String> log = new ArrayList<>();
    record Logged(List<String> log) implements Signal {
      @Override
      public Reward of(Sample sample) {
        return Reward.of(1);
      }

      @Override
      public Signal open() {
        log.add("open");
        return this;
      }

      @Override
      public void close() {
        log.add("close");
      }
    }
    Signal open = new Routed("task", Map.of("a", new Logged(log))).open();
    open.close();
    assertEquals(List.of("open", "close"), log);
  }
}
