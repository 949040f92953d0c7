package dev.goodhart.neural.align;

import dev.goodhart.Sample;
import dev.goodhart.neural.generate.Completion;

/**
 * A response of the policy.
 *
 * @param prompt which of the step's prompts it answers
 * @param number which of the prompt's responses it is
 * @param sample with the columns {@code finish} and {@code tokens}
 * @param episode for the model
 */
record Drawn(int prompt, int number, Sample sample, Episode episode) {
  static Drawn of(Sample asked, int[] promptTokens, Completion completion) {
    var columns = new java.util.LinkedHashMap<>(asked.columns());
    columns.put("finish", completion.finish().name().toLowerCase(java.util.Locale.ROOT));
    columns.put("tokens", completion.tokens().length);
    Sample sample =
        new Sample(
            asked.id() + "/" + completion.sample(),
            asked.prompt(),
            completion.text(),
            asked.reference(),
            columns);
    return new Drawn(
        Math.toIntExact(completion.prompt()),
        completion.sample(),
        sample,
        Episode.drawn(promptTokens, completion.tokens(), completion.sampledLogProbs()));
  }

  /** The same behind so many prompts of earlier rounds. */
  Drawn behind(int prompts) {
    return new Drawn(prompt + prompts, number, sample, episode);
  }
}
