package dev.goodhart.data.inspect;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.Example;
import dev.goodhart.data.Pairs;
import dev.goodhart.data.Row;
import java.util.List;

/**
 * One example of the file with where it stands, taken apart once for everything that looks at it.
 *
 * @param pairs the comparisons in it
 * @param samples the responses in it
 */
record Item(
    Row row,
    Example example,
    Prompt prompt,
    long promptHash,
    List<Example.Pair> pairs,
    List<Sample> samples) {

  static Item of(Row row, Example example) {
    List<Example.Pair> pairs =
        example instanceof Example.Pair pair
            ? List.of(pair)
            : Pairs.of(example).map(Example.Pair::new).toList();
    List<Sample> samples =
        switch (example) {
          case Example.Pair(var p, var listed) -> List.of(p.chosenSample(), p.rejectedSample());
          case Example.Labelled labelled -> List.of(labelled.sample());
          case Example.Rated rated -> List.of(rated.sample());
          case Example.Plain plain -> List.of(plain.sample());
          case Example.Ranked ranked -> ranked.samples();
          case Example.Task task -> List.of();
        };
    Prompt prompt =
        example instanceof Example.Task task ? task.prompt() : samples.getFirst().prompt();
    return new Item(row, example, prompt, Hash.of(prompt.text()), pairs, samples);
  }

  /** What this stands and falls with in statistics: its prompt, or itself where it has none. */
  long cluster() {
    return prompt.messages().isEmpty() ? Hash.mix(line()) : promptHash;
  }

  long line() {
    return row.line();
  }
}
