package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.div;
import static dev.goodhart.neural.engine.Ops.square;
import static dev.goodhart.neural.engine.Ops.sub;

import dev.goodhart.Default;
import dev.goodhart.Method;
import org.bytedeco.pytorch.Tensor;

/**
 * Identity preference optimisation: asks for a certain margin and not for ever more, so that β
 * holds the policy near the reference also where the labels are of one mind.
 *
 * <pre>{@code cost = (h − 1/(2β))²}</pre>
 *
 * <p>in squared nats. {@code normalised} divides each response's log-ratio by its length first, as
 * common trainers do: the margin is then one a token, and long responses may move as far as short
 * ones.
 *
 * @param beta the paper's τ: 1/(2β) is the margin that is asked for, above 0
 * @param normalised whether log-ratios are means over tokens
 */
@Method(source = "arXiv 2310.12036")
public record Ipo(@Default("0.1") double beta, @Default("false") boolean normalised)
    implements PreferenceObjective {
  public Ipo {
    Expect.positive("beta", beta);
  }

  @Override
  public Tensor of(PreferenceBatch pairs) {
    return square(sub(lead(pairs), 1 / (2 * beta)));
  }

  @Override
  public Tensor lead(PreferenceBatch pairs) {
    if (!normalised) return pairs.margin();
    return sub(
        div(pairs.chosenRatio(), pairs.chosenLengths()),
        div(pairs.rejectedRatio(), pairs.rejectedLengths()));
  }
}
