package dev.goodhart.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A loss of single things that carry a label: a response's ratings, whether it is right, whether a
 * step of it is.
 */
public interface PointObjective extends Objective {
  /** How many numbers the model says of each. */
  int width();

  /**
   * The mean cost of what is labelled, a scalar; 0 when nothing is.
   *
   * @param outputs what the model says
   * @param labels what the data says
   * @param weight how much each label counts, of the labels' shape: 0 where there is none, which is
   *     never looked at, be it NaN; 1 for one like any other
   */
  Tensor loss(Tensor outputs, Tensor labels, Tensor weight);

  /** The same with every label there and of weight 1. */
  default Tensor loss(Tensor outputs, Tensor labels) {
    return loss(outputs, labels, torch.ones(labels.shape(), outputs.options()));
  }
}
