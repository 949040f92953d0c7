package dev.goodhart.neural.align;

import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.neural.text.Decoding;
import dev.goodhart.neural.text.Tokenizer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a response in tokens. A reward that judges steps has a part {@code steps}, whose
 * parts are named by where a step ends in the response's characters ({@code "12"}, exclusive).
 *
 * @param ends in tokens, exclusive, ascending; the last is the response's length
 * @param rewards of each token: a step's at its last token
 * @param sum of the steps' rewards
 */
record Spans(int[] ends, double[] rewards, double sum) {
  static Spans of(Reward reward, int[] tokens, Tokenizer tokenizer) {
    double[] rewards = new double[tokens.length];
    TreeMap<Integer, Double> steps = new TreeMap<>();
    Map<String, Reward> parts = find(reward);
    if (parts != null) {
      parts.forEach(
          (name, part) -> {
            if (name.matches("\\d{1,9}") && part instanceof Scored scored) {
              steps.merge(Integer.parseInt(name), scored.value(), Double::sum);
            }
          });
    }
    if (steps.isEmpty()) return new Spans(new int[] {tokens.length}, rewards, 0);
    TreeMap<Integer, Double> byToken = new TreeMap<>();
    int[] characters = characters(tokens, tokenizer);
    double sum = 0;
    for (var step : steps.entrySet()) {
      int token = 0;
      while (token < tokens.length - 1 && characters[token] < step.getKey()) token++;
      byToken.merge(token, step.getValue(), Double::sum);
      sum += step.getValue();
    }
    byToken.forEach((token, value) -> rewards[token] = value);
    byToken.putIfAbsent(tokens.length - 1, 0.0);
    return new Spans(
        byToken.keySet().stream().mapToInt(token -> token + 1).toArray(), rewards, sum);
  }

  private static @Nullable Map<String, Reward> find(Reward reward) {
    for (var part : reward.parts().entrySet()) {
      if (part.getKey().equals("steps") && !part.getValue().parts().isEmpty()) {
        return part.getValue().parts();
      }
      Map<String, Reward> below = find(part.getValue());
      if (below != null) return below;
    }
    return null;
  }

  /** How many characters of the response stand after each token. */
  private static int[] characters(int[] tokens, Tokenizer tokenizer) {
    int[] characters = new int[tokens.length];
    Decoding decoding = tokenizer.decoding(false);
    int sum = 0;
    for (int i = 0; i < tokens.length; i++) {
      sum += decoding.add(tokens[i]).length();
      characters[i] = sum;
    }
    return characters;
  }
}
