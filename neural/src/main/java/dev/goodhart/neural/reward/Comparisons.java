package dev.goodhart.neural.reward;

import dev.goodhart.signal.fit.Judgement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Responses to one prompt and the judgements of them, to be learnt from in one pass: however many
 * comparisons a response takes part in, it goes through the model once.
 *
 * @param prompt its number in the data
 * @param responses their numbers in the data
 * @param sequences the token ids of the responses, each behind its prompt
 * @param judgements with places in {@code responses} for first and second
 */
record Comparisons(int prompt, int[] responses, List<int[]> sequences, List<Judgement> judgements) {
  /** How many tokens go through the model. */
  int tokens() {
    return sequences.stream().mapToInt(s -> s.length).sum();
  }

  /** What the judgements weigh together. */
  double weight() {
    return judgements.stream().mapToDouble(Judgement::weight).sum();
  }

  /**
   * Bundles judgements by prompt, in the order of the prompts' first appearance. A prompt with many
   * responses is parted, so that one of its responses may stand in several parts.
   *
   * @param ids the tokens of each response, by its number
   * @param most tokens of a part, unless a single judgement needs more
   */
  static List<Comparisons> of(List<Judgement> judgements, int[][] ids, int most) {
    Map<Integer, List<Judgement>> byPrompt = new LinkedHashMap<>();
    judgements.forEach(j -> byPrompt.computeIfAbsent(j.prompt(), p -> new ArrayList<>()).add(j));
    List<Comparisons> all = new ArrayList<>();
    byPrompt.forEach((prompt, of) -> part(prompt, of, ids, most, all));
    return all;
  }

  /** Takes judgements as long as their responses fit, then begins another part. */
  private static void part(
      int prompt, List<Judgement> judgements, int[][] ids, int most, List<Comparisons> into) {
    Map<Integer, Integer> places = new LinkedHashMap<>();
    List<Judgement> taken = new ArrayList<>();
    int tokens = 0;
    for (Judgement j : judgements) {
      int more = places.containsKey(j.first()) ? 0 : ids[j.first()].length;
      if (!j.isLabel() && !places.containsKey(j.second())) {
        more += ids[j.second()].length;
      }
      if (!taken.isEmpty() && tokens + more > most) {
        into.add(bundle(prompt, places, taken, ids));
        places.clear();
        taken = new ArrayList<>();
        tokens = 0;
        more = ids[j.first()].length + (j.isLabel() ? 0 : ids[j.second()].length);
      }
      tokens += more;
      int first = place(places, j.first());
      int second = j.isLabel() ? Judgement.NONE : place(places, j.second());
      taken.add(new Judgement(prompt, first, second, j.probability(), j.strength(), j.weight()));
    }
    into.add(bundle(prompt, places, taken, ids));
  }

  private static int place(Map<Integer, Integer> places, int response) {
    Integer place = places.putIfAbsent(response, places.size());
    return place == null ? places.size() - 1 : place;
  }

  private static Comparisons bundle(
      int prompt, Map<Integer, Integer> places, List<Judgement> judgements, int[][] ids) {
    int[] responses = places.keySet().stream().mapToInt(Integer::intValue).toArray();
    List<int[]> sequences = new ArrayList<>();
    for (int response : responses) {
      sequences.add(ids[response]);
    }
    return new Comparisons(prompt, responses, List.copyOf(sequences), List.copyOf(judgements));
  }
}
