package dev.goodhart.neural.align;

import dev.goodhart.Sample;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.run.Seeds;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Where the prompts of a run come from and, where that is known, what a response is truly worth: a
 * file of prompts, or a world that makes them. The record holds its hyper-parameters; {@link #open}
 * reads files and prepares what is expensive.
 */
public interface World {
  /** Learning prompts and held-out ones; no prompt is in both. */
  enum Split {
    TRAIN,
    TEST
  }

  /** Ready to draw from. Everything random depends on the seeds alone. */
  Tasks open(Seeds seeds);

  /** An open world. Safe to call from several threads. */
  interface Tasks {
    /** How many prompts there are; {@code Long.MAX_VALUE} where they are made on demand. */
    long size(Split split);

    /**
     * A prompt: a sample whose response is empty, with reference and columns where signals need
     * them. The same for the same index.
     *
     * @param index in [0, size)
     */
    Sample prompt(Split split, long index);

    /**
     * What a response is truly worth; empty where nobody knows. Neither reward, policy nor monitors
     * ever see it.
     *
     * @param answered a prompt with a response. Columns of the trainer: {@code finish} ({@code
     *     eos}, {@code stop} or {@code length}) and {@code tokens}, how many were drawn
     */
    OptionalDouble gold(Sample answered);

    /**
     * What is true of a response besides, by name, for reports: {@code flattery}, {@code words}.
     */
    default Map<String, Double> attributes(Sample answered) {
      return Map.of();
    }

    /**
     * A prompt answered the way a model of some skill would, to fine-tune a new model on before it
     * is optimised; empty where the world has none. The same for the same index.
     */
    default Optional<Sample> demonstration(long index) {
      return Optional.empty();
    }

    /** The tokenizer of a new model for this world; null where only existing models will do. */
    default @Nullable Tokenizer tokenizer() {
      return null;
    }
  }
}
