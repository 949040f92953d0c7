package dev.goodhart.signal.hashed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Prompt;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class FeatureReaderTest {
  @Test
  void featuresComeOutInTheOrderInWhichTheResponsesCame() {
    try (FeatureReader reader = new FeatureReader(HashedBradleyTerry.DEFAULT, 3)) {
      for (int i = 0; i < 1000; i++) {
        reader.add(Prompt.of("Count " + i % 7), "word ".repeat(i % 40) + i);
      }
      Features[] features = reader.all();
      assertEquals(1000, features.length);
      Extractor alone =
          new Extractor(
              HashedBradleyTerry.DEFAULT.bits(),
              EnumSet.copyOf(HashedBradleyTerry.DEFAULT.features()));
      for (int i = 0; i < 1000; i += 37) {
        Features expected = alone.of(alone.words("Count " + i % 7), "word ".repeat(i % 40) + i);
        assertArrayEquals(expected.ngrams(), features[i].ngrams());
        assertArrayEquals(expected.look(), features[i].look());
      }
    }
  }
}
