package dev.goodhart.neural.align.offline;

import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import java.util.IdentityHashMap;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A label for each pair of a training, which follows the policy while it learns: the data's
 * probability at first. Pairs are told apart by identity; others keep the label that they have.
 */
final class FollowingLabels {
  private final IdentityHashMap<Pair, Integer> places = new IdentityHashMap<>();
  private final Tensor labels;

  FollowingLabels(List<Pair> pairs) {
    for (Pair pair : pairs) places.put(pair, places.size());
    double[] first = pairs.stream().mapToDouble(Pair::probability).toArray();
    labels = Scope.outside(() -> Ops.to(Tensor.create(first), ScalarType.Float));
  }

  /** Whether all of them are pairs of the training. */
  boolean know(List<Pair> pairs) {
    return pairs.stream().allMatch(places::containsKey);
  }

  /** The labels of some pairs as they are, {@code [pairs]}, of the type and where like is. */
  Tensor of(List<Pair> pairs, Tensor like) {
    return Ops.like(like, Ops.doubles(Ops.rows(labels, at(pairs))));
  }

  /** What has become of them. */
  void become(List<Pair> pairs, Tensor next) {
    try (Scope ignored = Scope.inference()) {
      Tensor floats = Ops.to(Tensor.create(Ops.doubles(next)), ScalarType.Float);
      labels.index_copy_(0, at(pairs), floats);
    }
  }

  private Tensor at(List<Pair> pairs) {
    return Tensor.create(pairs.stream().mapToLong(pair -> place(places.get(pair))).toArray());
  }

  private static int place(@Nullable Integer place) {
    if (place == null) throw new IllegalArgumentException("a pair that is not of the training");
    return place;
  }

  /** All of them, {@code [pairs]}: for a checkpoint. */
  Tensor all() {
    return labels;
  }
}
