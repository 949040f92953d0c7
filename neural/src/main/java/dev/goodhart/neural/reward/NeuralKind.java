package dev.goodhart.neural.reward;

import dev.goodhart.GoodhartException;
import dev.goodhart.Scale;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.model.ConfigJson;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.PeftFolder;
import dev.goodhart.neural.text.ChatTemplate;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.ModelKind;
import dev.goodhart.signal.RewardModel;
import dev.goodhart.signal.TrainingPrompts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reward models on transformers: those that were fitted here, and sequence classifiers in the
 * Hugging Face layout, whose scores are raw.
 */
public final class NeuralKind implements ModelKind {
  static final String NAME = "neural";

  /** In a card: the folder of the transformer that adapters were trained on. */
  static final String BASE = "model";

  @Override
  public String name() {
    return NAME;
  }

  /** Where the i-th of several transformers is. */
  static String folder(int i, int transformers) {
    return transformers == 1 ? "" : "member-" + i + "/";
  }

  @Override
  public NeuralReward open(RewardModel asked, ModelCard card) {
    Map<String, @Nullable Object> parameters = card.hyperParameters();
    Head head = Head.of(parameters);
    Device device = Device.of(asked.device());
    int transformers = ModelCard.number(parameters, "transformers").intValue();
    List<Decoder> decoders = new ArrayList<>();
    @Nullable Decoder base = null;
    for (int i = 0; i < transformers; i++) {
      Path folder = asked.path().resolve(folder(i, transformers));
      if (PeftFolder.is(folder)) {
        if (base == null) base = base(asked.path(), parameters, device);
        decoders.add(PeftFolder.read(folder, base));
      } else {
        decoders.add(HfFolder.read(folder, device, Progress.NONE));
      }
    }
    RewardNet net = new RewardNet(decoders, head.outputs());
    if (asked.ensemble() > net.members()) {
      throw new GoodhartException(
          asked.path()
              + ": an ensemble of "
              + asked.ensemble()
              + " was asked for, and the model has "
              + net.members()
              + (net.members() == 1 ? " member" : " members")
              + "; fit it with --ensemble "
              + asked.ensemble());
    }
    return new NeuralReward(
        asked.ensemble() == 0 ? net : net.first(asked.ensemble()),
        text(asked.path(), ModelCard.number(parameters, "max-length").intValue()),
        head,
        ModelCard.number(card.calibration(), "slope").doubleValue(),
        ModelCard.number(card.calibration(), "offset").doubleValue(),
        head instanceof Head.Process ? Scale.PROBABILITY : Scale.LOG_ODDS,
        Optional.of(TrainingPrompts.read(asked.path())),
        card);
  }

  /** What adapters were trained on, which they are nothing without. */
  private static Decoder base(Path model, Map<String, @Nullable Object> parameters, Device device) {
    Path base = Path.of(String.valueOf(parameters.get(BASE)));
    if (!HfFolder.is(base)) {
      throw new GoodhartException(
          model
              + ": holds adapters of "
              + base
              + ", which is not there; put it back, or fit again with --merge");
    }
    return HfFolder.read(base, device, Progress.NONE);
  }

  /** A folder of another tool. */
  @Override
  public boolean knows(Path folder) {
    return HfFolder.is(folder);
  }

  @Override
  public NeuralReward open(RewardModel asked) {
    Path folder = asked.path();
    Decoder decoder = HfFolder.read(folder, Device.of(asked.device()), Progress.NONE);
    int labels = decoder.config().labels();
    if (labels == 0) {
      throw new GoodhartException(
          folder
              + ": is a "
              + decoder.config().architecture()
              + ", which scores nothing; expected a ...ForSequenceClassification, or start from"
              + " this one with: goodhart fit DATA --model "
              + folder);
    }
    Head head = new Head.Scalar();
    if (labels > 1) {
      throw new GoodhartException(
          folder + ": gives " + labels + " labels, and nothing says which of them is the reward");
    }
    if (asked.ensemble() > 1) {
      throw new GoodhartException(
          folder + ": an ensemble of " + asked.ensemble() + " was asked for, and it is one model");
    }
    return new NeuralReward(
        new RewardNet(List.of(decoder), 1),
        text(folder, decoder.config().maxPositions()),
        head,
        1,
        0,
        Scale.RAW,
        Optional.empty(),
        card(folder));
  }

  private static RewardText text(Path folder, int maxLength) {
    Tokenizer tokenizer = Tokenizers.open(folder);
    return new RewardText(tokenizer, ChatTemplate.open(folder, tokenizer), maxLength);
  }

  /** What is known of another tool's model. */
  private static ModelCard card(Path folder) {
    return new ModelCard(
        NAME,
        new LinkedHashMap<>(),
        Map.of("slope", 1, "offset", 0),
        Map.of(),
        Map.of(),
        Provenance.of("made by another tool", 0, folder.resolve(ConfigJson.FILE)),
        Map.of());
  }
}
