package dev.goodhart.lab.digits;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Sample;
import dev.goodhart.neural.align.Prompts;
import dev.goodhart.neural.align.World;
import dev.goodhart.run.Seeds;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The digit-completion task of verl's end-to-end test. A prompt reads {@code a,b:m,n}, one-digit
 * numbers: continue the sequence a, b, b + d, … with the same difference d = b - a, every number
 * modulo m, by n more numbers. {@code 1,2:5,3} is answered by {@code 3,4,0}.
 *
 * <p>The gold reward is 1 for the whole answer, ended by the model itself, and 0 otherwise.
 *
 * @param train a file of prompts
 * @param test held-out ones; those that {@code train} has too are left out
 */
@Method(name = "digits")
public record DigitCompletion(Path train, Path test) implements World {
  private static final Pattern PROMPT = Pattern.compile("(\\d),(\\d):(\\d),(\\d)");

  @Override
  public Tasks open(Seeds seeds) {
    var files = (Prompts.Lists) new Prompts(train, Optional.of(test), 0.5, Map.of()).open(seeds);
    return new Sequences(new Prompts.Lists(answered(files.train()), answered(files.test())));
  }

  private static List<Sample> answered(List<Sample> prompts) {
    return prompts.stream().map(DigitCompletion::answered).toList();
  }

  private static Sample answered(Sample asked) {
    var columns = new LinkedHashMap<>(asked.columns());
    return new Sample(asked.id(), asked.prompt(), "", answer(asked.prompt().text()), columns);
  }

  /** The answer to a prompt. */
  static String answer(String prompt) {
    Matcher m = PROMPT.matcher(prompt);
    if (!m.matches() || m.group(3).equals("0")) {
      throw new GoodhartException(
          "digits: expected a prompt like 1,2:5,3 with a third number above 0, found '"
              + prompt
              + "'");
    }
    int a = Integer.parseInt(m.group(1));
    int b = Integer.parseInt(m.group(2));
    int modulus = Integer.parseInt(m.group(3));
    int count = Integer.parseInt(m.group(4));
    return IntStream.rangeClosed(1, count)
        .map(i -> Math.floorMod(b + i * (b - a), modulus))
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(","));
  }

  private record Sequences(Prompts.Lists prompts) implements Tasks {
    @Override
    public long size(Split split) {
      return prompts.size(split);
    }

    @Override
    public Sample prompt(Split split, long index) {
      return prompts.prompt(split, index);
    }

    @Override
    public OptionalDouble gold(Sample answered) {
      boolean right = answered.response().equals(answered.reference());
      return OptionalDouble.of(right && "eos".equals(answered.columns().get("finish")) ? 1 : 0);
    }
  }
}
