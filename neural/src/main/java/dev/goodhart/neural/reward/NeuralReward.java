package dev.goodhart.neural.reward;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.neural.engine.EngineThread;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.PeftFolder;
import dev.goodhart.run.IoReason;
import dev.goodhart.run.Provenance;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.ModelFolder;
import dev.goodhart.signal.TrainingPrompts;
import dev.goodhart.signal.fit.FittedReward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A reward model on a transformer. Of an ensemble the reward is the members' mean, the deviation
 * their sample deviation, and the parts are the members by number from 0; of a single member the
 * parts are what its {@link Head} names.
 *
 * @param slope multiplies a member's reward; with {@code offset} it brings a fitted one to log-odds
 * @param scale the unit that comes of it
 * @param prompts those of the fit; empty for another tool's model, which does not tell
 */
public record NeuralReward(
    RewardNet net,
    RewardText text,
    Head head,
    double slope,
    double offset,
    Scale scale,
    Optional<TrainingPrompts> prompts,
    ModelCard card)
    implements FittedReward {

  @Override
  public Reward of(Sample sample) {
    return of(List.of(sample)).getFirst();
  }

  @Override
  public List<Reward> of(List<Sample> batch) {
    List<Encoded> encoded = new ArrayList<>();
    List<Optional<Encoded>> each = new ArrayList<>();
    for (Sample sample : batch) {
      Optional<Encoded> one = encode(sample);
      each.add(one);
      one.ifPresent(encoded::add);
    }
    double[][][][] scores =
        encoded.isEmpty() ? new double[0][][][] : EngineThread.call(() -> net.scores(encoded));
    List<Reward> rewards = new ArrayList<>(batch.size());
    int next = 0;
    for (Optional<Encoded> one : each) {
      rewards.add(one.isPresent() ? reward(scores[next++]) : tooLong());
    }
    return rewards;
  }

  private Optional<Encoded> encode(Sample sample) {
    return head instanceof Head.Process process
        ? text.encode(sample.prompt(), process.steps(sample), process.separator())
        : text.encode(sample.prompt(), sample.response());
  }

  private Reward tooLong() {
    return new Unscored(
        "too long: the response has more than the "
            + text.maxLength()
            + " tokens that the model reads");
  }

  /** Of the members' outputs, {@code [member][mark][output]}. */
  private Reward reward(double[][][] members) {
    Scored[] each = new Scored[members.length];
    for (int m = 0; m < each.length; m++) {
      for (double[] outputs : members[m]) {
        if (!Arrays.stream(outputs).allMatch(Double::isFinite)) {
          return new Unscored("the model gave " + outputs[0] + ", a reward must be finite");
        }
      }
      Scored raw = head.reward(members[m]);
      each[m] = raw.withValue(slope * raw.value() + offset).withScale(scale);
    }
    if (each.length == 1) return each[0];
    double mean = Arrays.stream(each).mapToDouble(Scored::value).average().orElseThrow();
    double squares =
        Arrays.stream(each).mapToDouble(r -> (r.value() - mean) * (r.value() - mean)).sum();
    Map<String, Reward> parts = new LinkedHashMap<>();
    for (int m = 0; m < each.length; m++) {
      parts.put(String.valueOf(m), each[m]);
    }
    return new Scored(
        mean, OptionalDouble.of(Math.sqrt(squares / (each.length - 1))), parts, scale);
  }

  @Override
  public int size() {
    return net.members();
  }

  @Override
  public boolean trainedOn(Prompt prompt) {
    return prompts.isPresent() && prompts.get().contains(prompt);
  }

  /**
   * A single transformer in the folder itself, so that other tools load it; several in folders of
   * their own beneath it. Of one with adapters the adapters alone, in PEFT's layout.
   */
  @Override
  public ModelCard save(Path folder, boolean replace, Provenance provenance) {
    Map<String, @Nullable Object> parameters = new LinkedHashMap<>(card.hyperParameters());
    parameters.putAll(head.card());
    parameters.put("max-length", text.maxLength());
    parameters.put("transformers", net.decoders().size());
    parameters.put("members", net.members());
    ModelCard mine =
        new ModelCard(
            NeuralKind.NAME,
            parameters,
            Map.of("slope", slope, "offset", offset),
            card.training(),
            card.heldOut(),
            provenance,
            Map.of());
    Path scratch = scratch();
    try {
      text.tokenizer().save(scratch);
      Map<String, ModelFolder.Contents> files = new LinkedHashMap<>();
      add(scratch, "", files);
      for (int i = 0; i < net.decoders().size(); i++) {
        Decoder decoder = net.decoders().get(i);
        String at = NeuralKind.folder(i, net.decoders().size());
        if (decoder.lora() == null) {
          HfFolder.files(decoder)
              .forEach((name, contents) -> files.put(at + name, contents::writeTo));
        } else {
          Path adapters = scratch.resolve("adapters-" + i);
          PeftFolder.write(adapters, decoder, String.valueOf(parameters.get(NeuralKind.BASE)));
          add(adapters, at, files);
        }
      }
      prompts.ifPresent(p -> files.put(TrainingPrompts.FILE, ModelFolder.contents(p.bytes())));
      return ModelFolder.save(folder, replace, mine, files);
    } catch (IOException e) {
      throw new GoodhartException(scratch + ": cannot be read: " + IoReason.of(e), e);
    } finally {
      clear(scratch);
    }
  }

  /** Files of a folder, which are small. */
  private static void add(Path folder, String at, Map<String, ModelFolder.Contents> files)
      throws IOException {
    try (Stream<Path> written = Files.list(folder)) {
      for (Path file : written.filter(Files::isRegularFile).sorted().toList()) {
        files.put(
            at + Objects.requireNonNull(file.getFileName()),
            ModelFolder.contents(Files.readAllBytes(file)));
      }
    }
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("goodhart-tokenizer");
    } catch (IOException e) {
      throw new GoodhartException("no temporary folder can be made: " + IoReason.of(e), e);
    }
  }

  private static void clear(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
    } catch (IOException e) {
      // left in the temporary folder of the system
    }
  }
}
