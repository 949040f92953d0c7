package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.like;
import static dev.goodhart.neural.engine.Ops.mul;
import static dev.goodhart.neural.engine.Ops.square;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.HashSet;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Learns the ratings that people gave a response, one number for each attribute. For data such as
 * HelpSteer's, with grades rather than comparisons; a weighted sum of the attributes is then the
 * reward, and the start from which {@link ScaledBradleyTerry} goes on.
 *
 * <pre>{@code cost = Σ_k weight_k · rated_k · (output_k − rating_k)² / Σ_k weight_k · rated_k}
 * </pre>
 *
 * <p>in squared units of the ratings, the sums over the whole batch. An attribute that nobody rated
 * is left out; it is not a rating of 0.
 *
 * <p>As in HelpSteer2 (system 76), where complexity and verbosity are attributes to be known and
 * not goals: their weight in the reward may be negative, their weight here may not.
 *
 * @param attributes what is rated, in the order of the outputs
 * @param weights how much each attribute's error counts, at least 0; all 1 where the list is empty.
 *     1 for one and 0 for the others learns that one alone
 */
@Method(source = "arXiv 2406.08673")
public record AttributeRegression(
    @Default("[helpfulness, correctness, coherence, complexity, verbosity]")
        List<String> attributes,
    @Default("[]") List<Double> weights)
    implements PointObjective {
  public AttributeRegression {
    attributes = List.copyOf(attributes);
    weights = List.copyOf(weights);
    if (attributes.isEmpty() || new HashSet<>(attributes).size() != attributes.size()) {
      throw new IllegalArgumentException("attributes must be named once each, not " + attributes);
    }
    if (!weights.isEmpty() && weights.size() != attributes.size()) {
      throw new IllegalArgumentException(
          "weights must be one for each of " + attributes + ", not " + weights);
    }
    for (double weight : weights) {
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("weights must be finite and at least 0, not " + weight);
      }
    }
  }

  @Override
  public int width() {
    return attributes.size();
  }

  /**
   * @param outputs the attributes as the model sees them, {@code [batch, attributes]}
   * @param ratings the same from the data, {@code [batch, attributes]}
   * @param rated 1 where there is a rating and 0 where there is none, {@code [batch, attributes]};
   *     other numbers weigh single ratings
   */
  @Override
  public Tensor loss(Tensor outputs, Tensor ratings, Tensor rated) {
    Expect.rows("outputs", outputs, width());
    Expect.sameShape("ratings", ratings, "outputs", outputs);
    Expect.sameShape("rated", rated, "outputs", outputs);
    Tensor error = sub(Weighted.only(outputs, rated), Weighted.only(ratings, rated));
    double[] weight = weights.stream().mapToDouble(w -> w).toArray();
    return Weighted.mean(
        square(error), weight.length == 0 ? rated : mul(rated, like(rated, weight)));
  }
}
