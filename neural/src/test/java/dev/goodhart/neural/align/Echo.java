package dev.goodhart.neural.align;

import dev.goodhart.Method;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Seeds;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A digit is to be said twice. Gold is 1 for that, less a tenth for each character. */
@Method
record Echo() implements World {
  @Override
  public Tasks open(Seeds seeds) {
    return new Digits();
  }

  private static final class Digits implements Tasks {
    private final Tokenizer tokenizer = Tokenizers.characters("0123456789=");

    @Override
    public long size(Split split) {
      return split == Split.TRAIN ? 8 : 2;
    }

    @Override
    public Sample prompt(Split split, long index) {
      String digit = Long.toString(split == Split.TRAIN ? index : 8 + index);
      return new Sample(split + "-" + index, Prompt.of(digit + "="), "", digit + digit, Map.of());
    }

    @Override
    public OptionalDouble gold(Sample answered) {
      double right = answered.response().equals(answered.reference()) ? 1 : 0;
      return OptionalDouble.of(right - 0.1 * answered.response().length());
    }

    @Override
    public Map<String, Double> attributes(Sample answered) {
      return Map.of("characters", (double) answered.response().length());
    }

    @Override
    public Optional<Sample> demonstration(long index) {
      Sample asked = prompt(Split.TRAIN, index % 8);
      return Optional.of(asked.withResponse(String.valueOf(asked.reference())));
    }

    @Override
    public @Nullable Tokenizer tokenizer() {
      return tokenizer;
    }
  }
}
