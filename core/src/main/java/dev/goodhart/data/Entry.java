package dev.goodhart.data;

import dev.goodhart.Prompt;
import java.util.List;
import java.util.stream.Stream;

/**
 * One row of a data set: what it says, or what is wrong with it. There is exactly one a row, in the
 * file's order.
 */
public sealed interface Entry permits Entry.Good, Entry.Bad {
  /** The row's number in the file, from 1; bad rows count. */
  long number();

  /** The row's own id where it has one, else its number. */
  String id();

  /** A row that could be used. */
  record Good(long number, String id, Row row, List<Example> examples) implements Entry {
    /** The prompts of its examples. */
    public Stream<Prompt> prompts() {
      return examples.stream()
          .map(
              example ->
                  switch (example) {
                    case Example.Pair(var pair, _) -> pair.prompt();
                    case Example.Labelled(var sample, _) -> sample.prompt();
                    case Example.Rated(var sample, _) -> sample.prompt();
                    case Example.Ranked(var samples, _) -> samples.getFirst().prompt();
                    case Example.Plain(var sample) -> sample.prompt();
                    case Example.Task task -> task.prompt();
                  });
    }
  }

  /** A row that could not. */
  record Bad(long number, String id, BadRow bad) implements Entry {}
}
