package dev.goodhart.curate;

import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Preference pairs from rated responses to the same prompt: the better rated is chosen over the
 * worse, with the difference as the pair's strength, for every two that differ by at least a gap.
 * Smaller differences are mostly noise of the rater.
 *
 * @param minGap the smallest difference, in the ratings' unit; above 0
 * @param maxPerPrompt how many pairs a prompt may give, drawn at random where it has more; 0 takes
 *     all
 * @param seed of that draw
 */
public record PairsFromRatings(double minGap, int maxPerPrompt, long seed) {
  /** A response with its rating. */
  public record Rated(Sample sample, double rating) {}

  /**
   * What came out.
   *
   * @param pairs prompts in the order of their first response, pairs in the order of theirs
   * @param prompts how many different ones there were
   * @param close how many couples of responses differ by less than the gap
   * @param same how many differ by enough but have the same text
   * @param left how many pairs a prompt had above its limit
   */
  public record Made(List<Preference> pairs, int prompts, long close, long same, long left) {}

  public PairsFromRatings {
    if (!(minGap > 0 && minGap < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("minGap must be finite and above 0, not " + minGap);
    }
    if (maxPerPrompt < 0) {
      throw new IllegalArgumentException("maxPerPrompt must be at least 0, not " + maxPerPrompt);
    }
  }

  public Made of(List<Rated> responses) {
    Map<Prompt, List<Rated>> byPrompt = new LinkedHashMap<>();
    for (Rated response : responses) {
      byPrompt.computeIfAbsent(response.sample().prompt(), p -> new ArrayList<>()).add(response);
    }
    List<Preference> pairs = new ArrayList<>();
    long close = 0;
    long same = 0;
    long left = 0;
    int prompt = 0;
    for (List<Rated> group : byPrompt.values()) {
      List<Preference> own = new ArrayList<>();
      for (int i = 0; i < group.size(); i++) {
        for (int j = i + 1; j < group.size(); j++) {
          Rated one = group.get(i);
          Rated other = group.get(j);
          if (!(Math.abs(one.rating() - other.rating()) >= minGap)) {
            close++;
          } else if (one.sample().response().equals(other.sample().response())) {
            same++;
          } else {
            own.add(one.rating() > other.rating() ? pair(one, other) : pair(other, one));
          }
        }
      }
      List<Preference> taken = draw(own, prompt++);
      left += own.size() - taken.size();
      pairs.addAll(taken);
    }
    return new Made(pairs, byPrompt.size(), close, same, left);
  }

  /** Selection sampling: each subset of the size is as likely, and the order stays. */
  private List<Preference> draw(List<Preference> pairs, int prompt) {
    if (maxPerPrompt == 0 || pairs.size() <= maxPerPrompt) {
      return pairs;
    }
    SplittableRandom random = new Seeds(seed).of("pairs-from-ratings", prompt);
    List<Preference> drawn = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      if (random.nextInt(pairs.size() - i) < maxPerPrompt - drawn.size()) {
        drawn.add(pairs.get(i));
      }
    }
    return drawn;
  }

  /**
   * Columns that both have alike stay; others are told apart by {@code chosen_} and {@code
   * rejected_}.
   */
  private static Preference pair(Rated better, Rated worse) {
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    Map<String, @Nullable Object> others = worse.sample().columns();
    better
        .sample()
        .columns()
        .forEach(
            (name, value) -> {
              if (others.containsKey(name) && Objects.equals(value, others.get(name))) {
                columns.put(name, value);
              } else {
                columns.put("chosen_" + name, value);
                columns.put("rejected_" + name, others.get(name));
              }
            });
    return new Preference(
        better.sample().id() + ">" + worse.sample().id(),
        better.sample().prompt(),
        better.sample().response(),
        worse.sample().response(),
        1,
        OptionalDouble.of(better.rating() - worse.rating()),
        1,
        columns);
  }
}
