package dev.goodhart.neural.align;

import dev.goodhart.Sample;
import dev.goodhart.neural.generate.ChatPrompts;
import dev.goodhart.neural.generate.Completion;
import dev.goodhart.neural.generate.Generation;
import dev.goodhart.neural.generate.Generator;
import dev.goodhart.neural.generate.Limits;
import dev.goodhart.neural.generate.PromptTokens;
import dev.goodhart.neural.generate.Sampling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Draws responses from a policy as it is at the moment. */
final class Drawing {
  /** More rows at once gain little on a CPU. */
  private static final int ROWS = 512;

  /** What all rows together may hold, for the memory that takes. */
  private static final int TOKENS = 1 << 16;

  private final Policy policy;

  /**
   * @param policy whose decoder computes with what is trained
   */
  Drawing(Policy policy) {
    this.policy = policy;
  }

  /**
   * Responses to some prompts, ordered by prompt and number.
   *
   * @param counts how many of each prompt, at least 0
   * @param maxTokens how long they may get
   * @param temperature 0 for the most likely one
   * @param each is given every response as soon as it is finished, in the order of finishing, which
   *     is the same in every run
   */
  List<Drawn> draw(
      List<Sample> prompts,
      int[] counts,
      int maxTokens,
      double temperature,
      long seed,
      Consumer<Drawn> each) {
    ChatPrompts chat = policy.prompts();
    List<int[]> tokens =
        IntStream.range(0, prompts.size())
            .mapToObj(i -> chat.of(i, prompts.get(i).prompt()).tokens())
            .toList();
    List<Drawn> all = new ArrayList<>();
    TreeSet<Integer> distinct = new TreeSet<>(IntStream.of(counts).boxed().toList());
    for (int count : distinct) {
      if (count == 0) continue;
      List<PromptTokens> asked =
          IntStream.range(0, counts.length)
              .filter(i -> counts[i] == count)
              .mapToObj(i -> new PromptTokens(i, tokens.get(i)))
              .toList();
      Sampling sampling =
          Sampling.DEFAULT
              .withTemperature(temperature)
              .withMaxTokens(maxTokens)
              .withN(count)
              .withSeed(seed)
              .withEos(policy.eos());
      int longest = asked.stream().mapToInt(p -> p.tokens().length).max().orElse(1);
      int context = longest + maxTokens;
      int rows = Math.min(Math.clamp(TOKENS / context, 16, ROWS), asked.size() * count);
      Limits limits = Limits.DEFAULT.withRows(rows).withContext(context);
      Generator generator =
          new Generator(policy.decoder(), policy.tokenizer(), Sampling.GREEDY, limits);
      try (Generation run = generator.start(asked.iterator(), sampling)) {
        while (run.hasNext()) {
          if (run.next() instanceof Completion completion) {
            int i = Math.toIntExact(completion.prompt());
            Drawn drawn = Drawn.of(prompts.get(i), tokens.get(i), completion);
            all.add(drawn);
            each.accept(drawn);
          }
        }
      }
    }
    all.sort(Comparator.comparingInt(Drawn::prompt).thenComparingInt(Drawn::number));
    return all;
  }
}
