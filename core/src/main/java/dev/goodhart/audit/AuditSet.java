package dev.goodhart.audit;

import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a reward is judged by: responses, and what is known of their merit. Responses are numbered;
 * everything else refers to those numbers.
 *
 * <p>Merit comes in three kinds, and a set may have several: comparisons of two responses, labels
 * of single ones, and a gold reward. Ranked lists and ratings give comparisons, one correct answer
 * among n gives comparisons and labels.
 */
public final class AuditSet {
  /**
   * Two responses compared.
   *
   * @param first index of the response that is named first, the chosen one
   * @param second index of the other
   * @param probability that the first is better
   * @param strength by how much, in the data's unit; NaN where it does not say
   * @param votes of single annotators: 1 for the first response, -1 for the second, 0 for a tie
   */
  public record Comparison(
      int first, int second, double probability, double strength, List<Integer> votes) {
    public Comparison {
      votes = List.copyOf(votes);
    }

    public Comparison(int first, int second) {
      this(first, second, 1, Double.NaN, List.of());
    }
  }

  private final List<Sample> samples = new ArrayList<>();
  private final List<String> rows = new ArrayList<>();
  private final List<Integer> prompts = new ArrayList<>();
  private final List<Double> labels = new ArrayList<>();
  private final List<Double> gold = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<int[]> oneOfMany = new ArrayList<>();
  private final Map<Object, Integer> promptIndex = new HashMap<>();
  private final Map<String, List<Integer>> byRow = new LinkedHashMap<>();
  private boolean texts = true;

  /**
   * Adds a response.
   *
   * @param row the id of the row it stands in; the responses of a row are added in the order in
   *     which the row lists them
   * @param label the probability that it is good; NaN where nobody judged it alone
   * @param gold its true reward; NaN where that is not known
   * @return its index
   */
  int add(String row, Sample sample, double label, double gold) {
    int index = samples.size();
    samples.add(sample);
    rows.add(row);
    // Responses without a prompt stand and fall by their row.
    Object prompt = sample.prompt().messages().isEmpty() ? row : sample.prompt();
    prompts.add(promptIndex.computeIfAbsent(prompt, p -> promptIndex.size()));
    labels.add(label);
    this.gold.add(gold);
    byRow.computeIfAbsent(row, r -> new ArrayList<>()).add(index);
    return index;
  }

  void add(Comparison comparison) {
    comparisons.add(comparison);
  }

  /** Says that the responses' texts are not there: only scores are known of them. */
  void withoutTexts() {
    texts = false;
  }

  public int size() {
    return samples.size();
  }

  public List<Sample> samples() {
    return Collections.unmodifiableList(samples);
  }

  public Sample sample(int index) {
    return samples.get(index);
  }

  public List<Comparison> comparisons() {
    return Collections.unmodifiableList(comparisons);
  }

  /** Whether the responses' texts are known. */
  public boolean hasTexts() {
    return texts;
  }

  /** How many different prompts there are. */
  public int promptCount() {
    return promptIndex.size();
  }

  /** Row ids with the responses of each, in the order in which the row lists them. */
  Map<String, List<Integer>> byRow() {
    return byRow;
  }

  String row(int index) {
    return rows.get(index);
  }

  /** The prompt's number of each response: what the bootstrap draws by. */
  int[] prompts() {
    return prompts.stream().mapToInt(Integer::intValue).toArray();
  }

  double[] labels() {
    return labels.stream().mapToDouble(Double::doubleValue).toArray();
  }

  double[] gold() {
    return gold.stream().mapToDouble(Double::doubleValue).toArray();
  }

  boolean hasLabels() {
    return labels.stream().anyMatch(l -> !l.isNaN());
  }

  boolean hasGold() {
    return gold.stream().anyMatch(g -> !g.isNaN());
  }

  /** Each prompt's responses. */
  List<int[]> byPrompt() {
    Map<Integer, IntStream.Builder> groups = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      groups.computeIfAbsent(prompts.get(i), p -> IntStream.builder()).add(i);
    }
    return groups.values().stream().map(b -> b.build().toArray()).toList();
  }

  /**
   * Says that one response of a row is right and all others are wrong; also adds those comparisons.
   */
  void addOneOfMany(int right, int... wrong) {
    int[] both = new int[wrong.length + 1];
    both[0] = right;
    System.arraycopy(wrong, 0, both, 1, wrong.length);
    oneOfMany.add(both);
    for (int other : wrong) {
      add(new Comparison(right, other));
    }
  }

  /** The rows in which one response is right and several are wrong: the right one first. */
  List<int[]> oneOfMany() {
    return oneOfMany;
  }

  /**
   * Compares the responses of each prompt by their labels, or by their gold reward where they have
   * none: what a file of single responses knows about pairs. The strength is the difference.
   */
  void compareWithinPrompts() {
    for (int[] group : byPrompt()) {
      for (int i : group) {
        for (int j : group) {
          double difference = labels.get(i) - labels.get(j);
          if (Double.isNaN(difference)) {
            difference = gold.get(i) - gold.get(j);
          }
          if (difference > 0) {
            add(
                new Comparison(
                    i,
                    j,
                    1,
                    labels.get(i).isNaN() || labels.get(j).isNaN() ? difference : Double.NaN,
                    List.of()));
          }
        }
      }
    }
  }

  /**
   * The comparisons' prompt numbers, in their order: the clusters of a bootstrap over comparisons.
   */
  int[] comparisonPrompts() {
    return comparisons.stream().mapToInt(c -> prompts.get(c.first())).toArray();
  }
}
