package dev.goodhart.neural.align;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entries;
import dev.goodhart.data.Entry;
import dev.goodhart.data.Example;
import dev.goodhart.data.Reading;
import dev.goodhart.run.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Prompts of a file, with their references where it has some; nobody knows what a response is truly
 * worth. Any format and layout that {@code goodhart inspect} reads; a prompt that stands there
 * twice counts once.
 *
 * @param train the prompts to learn on
 * @param test held-out ones, less those that {@code train} has too; where it is left out, a share
 *     of the prompts is
 * @param holdout that share, in (0, 1)
 * @param columns names of unusual columns by role: {@code { reference: solution }}
 */
@Method
public record Prompts(
    Path train,
    Optional<Path> test,
    @Default("0.1") double holdout,
    @Default("{}") Map<String, String> columns)
    implements World {
  public Prompts {
    Check.that(holdout > 0 && holdout < 1, "holdout", "between 0 and 1", holdout);
  }

  @Override
  public Tasks open(Seeds seeds) {
    Map<Prompt, Sample> learnt = read(train, columns);
    List<Sample> training = new ArrayList<>(learnt.values());
    List<Sample> heldOut;
    if (test.isPresent()) {
      Map<Prompt, Sample> other = read(test.get(), columns);
      other.keySet().removeAll(learnt.keySet());
      heldOut = List.copyOf(other.values());
    } else {
      java.util.Collections.shuffle(training, java.util.Random.from(seeds.of("align/prompts")));
      int held = (int) Math.ceil(holdout * training.size());
      heldOut = List.copyOf(training.subList(0, held));
      training = new ArrayList<>(training.subList(held, training.size()));
    }
    if (training.isEmpty() || heldOut.isEmpty()) {
      throw new GoodhartException(
          train
              + ": %d prompts to learn on and %d others to evaluate; both need at least one"
                  .formatted(training.size(), heldOut.size()));
    }
    return new Lists(List.copyOf(training), heldOut);
  }

  /** The different prompts of a file, in its order; a sample's response is empty. */
  public static Map<Prompt, Sample> read(Path file, Map<String, String> columns) {
    Reading reading = Reading.DEFAULT;
    for (var column : columns.entrySet()) {
      reading = reading.with(column.getKey(), column.getValue());
    }
    Map<Prompt, Sample> samples = new LinkedHashMap<>();
    try (Entries entries = Dataset.open(file, reading).entries()) {
      while (entries.hasNext()) {
        if (entries.next() instanceof Entry.Good good) {
          for (Example example : good.examples()) {
            Sample asked = asked(good.id(), example);
            samples.putIfAbsent(asked.prompt(), asked);
          }
        }
      }
    }
    return samples;
  }

  private static Sample asked(String id, Example example) {
    return switch (example) {
      case Example.Task task -> {
        var columns = new LinkedHashMap<>(task.columns());
        yield new Sample(id, task.prompt(), "", task.reference(), columns);
      }
      case Example.Plain(var sample) -> empty(id, sample);
      case Example.Labelled(var sample, _) -> empty(id, sample);
      case Example.Rated(var sample, _) -> empty(id, sample);
      case Example.Ranked(var samples, _) -> empty(id, samples.getFirst());
      case Example.Pair(var pair, _) -> new Sample(id, pair.prompt(), "", null, Map.of());
    };
  }

  private static Sample empty(String id, Sample sample) {
    var columns = new LinkedHashMap<>(sample.columns());
    return new Sample(id, sample.prompt(), "", sample.reference(), columns);
  }

  /** Prompts in memory. */
  public record Lists(List<Sample> train, List<Sample> test) implements Tasks {
    @Override
    public long size(Split split) {
      return of(split).size();
    }

    @Override
    public Sample prompt(Split split, long index) {
      return of(split).get(Math.toIntExact(index));
    }

    private List<Sample> of(Split split) {
      return split == Split.TRAIN ? train : test;
    }

    @Override
    public OptionalDouble gold(Sample answered) {
      return OptionalDouble.empty();
    }
  }
}
