package dev.goodhart.neural.train;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.Lora;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Everything that a training changes, in one row of 32-bit floats, with its gradient in another:
 * the optimiser, clipping and checkpoints are then a few operations on long rows, however many
 * tensors a model has. Models compute with views into the row, which stay valid as it changes.
 *
 * <p>Matrices come first: they are what weight decay shrinks. Where a model computes in 16 bits (on
 * a GPU), its views look into a copy of that type, which {@link #publish()} renews; the row itself
 * and the gradient's sum over passes stay in 32 bits.
 *
 * <p>The tensors that it was made of are copied and not changed. {@link #close()} frees the rows;
 * models over them cannot be used afterwards.
 */
public final class Parameters implements AutoCloseable {
  /** Tensors begin at multiples of 64 bytes, as those that libtorch makes do. */
  private static final long ALIGNED = 16;

  private final Device device;
  private final SequencedMap<String, Place> places;
  private final long decayed;
  private final Tensor values;
  private final Tensor gradient;
  private final Tensor computed;
  private final Tensor computedGradient;
  private final SequencedMap<String, Tensor> views;

  private record Place(long from, long[] shape) {
    long to() {
      return from + Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
  }

  private Parameters(SequencedMap<String, Tensor> tensors, ScalarType type) {
    if (tensors.isEmpty()) throw new IllegalArgumentException("there is nothing to train");
    this.device = Device.of(tensors.firstEntry().getValue());
    this.places = new LinkedHashMap<>();
    long end = place(tensors, true, 0);
    this.decayed = end;
    long size = place(tensors, false, end);
    this.values = zeros(ScalarType.Float, size);
    this.gradient = zeros(ScalarType.Float, size);
    boolean same = type.intern() == ScalarType.Float;
    this.computed = same ? values : zeros(type, size);
    this.computedGradient = same ? gradient : zeros(type, size);
    try (Scope ignored = Scope.inference()) {
      tensors.forEach((name, tensor) -> part(values, at(name)).copy_(tensor.detach()));
    }
    publish();
    SequencedMap<String, Tensor> leaves = new LinkedHashMap<>();
    places.forEach((name, place) -> leaves.put(name, leaf(place)));
    this.views = Collections.unmodifiableSequencedMap(leaves);
  }

  private long place(Map<String, Tensor> tensors, boolean matrices, long from) {
    long at = from;
    for (var entry : tensors.entrySet()) {
      if (entry.getValue().dim() >= 2 != matrices) continue;
      Place place = new Place(at, entry.getValue().shape());
      places.put(entry.getKey(), place);
      at = (place.to() + ALIGNED - 1) / ALIGNED * ALIGNED;
    }
    return at;
  }

  private Tensor zeros(ScalarType type, long size) {
    return Scope.outside(() -> device.zeros(type, size));
  }

  private static Tensor part(Tensor row, Place place) {
    return Ops.slice(row, 0, place.from, place.to()).view(place.shape);
  }

  /** A view that autograd takes for a parameter, whose gradient is added up in its row. */
  private Tensor leaf(Place place) {
    return Scope.outside(
        () -> {
          Tensor leaf = part(computed, place).detach();
          leaf.set_requires_grad(true);
          leaf.mutable_grad().put(part(computedGradient, place).detach());
          return leaf;
        });
  }

  private Place at(String name) {
    Place place = places.get(name);
    if (place == null) throw new IllegalArgumentException(name + " is not trained");
    return place;
  }

  /**
   * Trains these tensors, all on one device.
   *
   * @param type what models compute in, {@link Device#computeType()} for most
   */
  public static Parameters of(Map<String, Tensor> tensors, ScalarType type) {
    return new Parameters(new LinkedHashMap<>(tensors), type);
  }

  /** Trains all weights of a decoder, in the type that they have. See {@link #decoder}. */
  public static Parameters of(Decoder decoder) {
    return of(decoder, Map.of());
  }

  /**
   * The same with more tensors beside them, further heads say.
   *
   * @param more by names that no weight of the decoder has
   */
  public static Parameters of(Decoder decoder, Map<String, Tensor> more) {
    Map<String, Tensor> all = new LinkedHashMap<>(decoder.weights());
    add(all, more);
    return of(all, type(decoder));
  }

  /**
   * Trains the adapters of a decoder alone, with {@code score.weight} where it has one, and with
   * more tensors beside them.
   */
  public static Parameters ofAdapters(Decoder decoder, Map<String, Tensor> more) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    adapters(decoder)
        .pairs()
        .forEach(
            (name, pair) -> {
              all.put(name + ".lora_A.weight", pair.a());
              all.put(name + ".lora_B.weight", pair.b());
            });
    Tensor score = decoder.weights().get("score.weight");
    if (score != null) all.put("score.weight", score);
    add(all, more);
    return of(all, type(decoder));
  }

  private static Lora adapters(Decoder decoder) {
    return Objects.requireNonNull(decoder.lora(), "the decoder has no adapters");
  }

  private static void add(Map<String, Tensor> all, Map<String, Tensor> more) {
    more.forEach(
        (name, tensor) -> {
          if (all.put(name, tensor) != null) {
            throw new IllegalArgumentException(name + " is there twice");
          }
        });
  }

  private static ScalarType type(Decoder decoder) {
    return decoder.weights().values().iterator().next().scalar_type();
  }

  /**
   * A decoder that computes with what is trained here, and with its own weights and adapters where
   * nothing is.
   */
  public Decoder decoder(Decoder decoder) {
    Map<String, Tensor> weights = new LinkedHashMap<>(decoder.weights());
    weights.replaceAll((name, tensor) -> views.getOrDefault(name, tensor));
    Decoder trained = new Decoder(decoder.config(), weights);
    Lora lora = decoder.lora();
    if (lora == null) return trained;
    Map<String, Lora.Pair> pairs = new LinkedHashMap<>(lora.pairs());
    pairs.replaceAll(
        (name, pair) ->
            new Lora.Pair(
                views.getOrDefault(name + ".lora_A.weight", pair.a()),
                views.getOrDefault(name + ".lora_B.weight", pair.b())));
    return trained.with(new Lora(lora.rank(), lora.alpha(), pairs));
  }

  /** What models compute with, by name. */
  public SequencedMap<String, Tensor> views() {
    return views;
  }

  /**
   * One of the {@link #views()}.
   *
   * @throws IllegalArgumentException if nothing of this name is trained
   */
  public Tensor view(String name) {
    at(name);
    return Objects.requireNonNull(views.get(name));
  }

  public Device device() {
    return device;
  }

  /** All values, {@code [elements]} with gaps of zeros between some tensors, in 32 bits. */
  public Tensor values() {
    return values;
  }

  /** The gradient added up so far, like {@link #values()}. */
  public Tensor gradient() {
    return gradient;
  }

  /** The shapes of what is trained, by name. */
  SequencedMap<String, List<Long>> shapes() {
    SequencedMap<String, List<Long>> shapes = new LinkedHashMap<>();
    places.forEach((name, place) -> shapes.put(name, Arrays.stream(place.shape).boxed().toList()));
    return shapes;
  }

  /** So many of the first values are subject to weight decay. */
  public long decayed() {
    return decayed;
  }

  /** Forgets the gradient, before the first pass of a step. */
  void forget() {
    gradient.zero_();
    if (computed != values) computedGradient.zero_();
  }

  /** Adds what a backward pass has left to the gradient, after each pass. */
  void collect() {
    if (computed == values) return;
    gradient.add_(computedGradient);
    computedGradient.zero_();
  }

  /** Lets models compute with the present {@link #values()}, after each change of them. */
  public void publish() {
    if (computed != values) computed.copy_(values);
  }

  /** The length of the gradient, √(Σ g²): infinite or NaN if one of its numbers is. */
  double norm() {
    try (Scope ignored = Scope.inference()) {
      return Ops.item(gradient.norm());
    }
  }

  @Override
  public void close() {
    views.values().forEach(Tensor::close);
    if (computed != values) {
      computed.close();
      computedGradient.close();
    }
    values.close();
    gradient.close();
  }
}
