package dev.goodhart.neural.model;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.JsonNode;

/**
 * A folder in the Hugging Face layout: {@code config.json} with {@code model.safetensors}, or with
 * shards and their {@code model.safetensors.index.json}.
 */
public final class HfFolder {
  private static final String WHOLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private HfFolder() {}

  /** Whether a folder looks like one. */
  public static boolean is(Path folder) {
    return Files.isRegularFile(folder.resolve(ConfigJson.FILE));
  }

  /**
   * Reads a model. Its tensors are in {@link Device#computeType()} and live until they can no
   * longer be reached.
   *
   * @throws GoodhartException if something is missing, damaged, or of an architecture that is not
   *     known here, naming it
   */
  public static Decoder read(Path folder, Device device, Progress progress) {
    DecoderConfig config = ConfigJson.read(folder);
    Map<String, SafeTensors> files = files(folder);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    progress.start("reading " + folder.getFileName() + ", tensors", config.shapes().size());
    try {
      check(folder, config, files);
      for (String name : config.shapes().keySet()) {
        SafeTensors file = files.get(name);
        if (file != null) {
          weights.put(name, Scope.outside(() -> file.read(name, device, device.computeType())));
        }
        progress.advance(1);
      }
      return new Decoder(config, weights);
    } finally {
      progress.done();
    }
  }

  /** Compares names and shapes before anything is read. */
  private static void check(Path folder, DecoderConfig config, Map<String, SafeTensors> files) {
    config
        .shapes()
        .forEach(
            (name, shape) -> {
              SafeTensors file = files.get(name);
              if (file == null) {
                throw new GoodhartException(
                    folder
                        + ": "
                        + name
                        + " "
                        + Arrays.toString(shape)
                        + " is missing, which a "
                        + config.architecture()
                        + " of this config.json has");
              }
              long[] found = Objects.requireNonNull(file.places().get(name)).shape();
              if (!Arrays.equals(found, shape)) {
                throw new GoodhartException(
                    folder
                        + ": "
                        + name
                        + " has the shape "
                        + Arrays.toString(found)
                        + ", expected "
                        + Arrays.toString(shape)
                        + " by config.json");
              }
            });
    for (String name : files.keySet()) {
      if (!config.shapes().containsKey(name) && !ignored(name, config)) {
        throw new GoodhartException(
            folder
                + ": "
                + name
                + " is not a tensor of a "
                + config.architecture()
                + " of this config.json");
      }
    }
  }

  /** What old checkpoints hold beside their weights: tables that can be computed, a tied copy. */
  private static boolean ignored(String name, DecoderConfig config) {
    return name.endsWith(".rotary_emb.inv_freq")
        || (name.equals("lm_head.weight") && (config.tiedEmbeddings() || config.labels() > 0));
  }

  /** Each tensor's file. */
  private static Map<String, SafeTensors> files(Path folder) {
    Map<String, SafeTensors> files = new LinkedHashMap<>();
    if (Files.isRegularFile(folder.resolve(WHOLE))) {
      SafeTensors file = SafeTensors.open(folder.resolve(WHOLE));
      file.places().keySet().forEach(name -> files.put(name, file));
      return files;
    }
    Path index = folder.resolve(INDEX);
    if (!Files.isRegularFile(index)) {
      throw new GoodhartException(
          folder
              + ": holds neither "
              + WHOLE
              + " nor "
              + INDEX
              + "; save the model with safetensors");
    }
    JsonNode map = ConfigJson.json(index).path("weight_map");
    if (!map.isObject()) throw new GoodhartException(index + ": damaged: it has no weight_map");
    Map<String, SafeTensors> shards = new LinkedHashMap<>();
    for (var entry : map.properties()) {
      String shard = entry.getValue().asString("");
      if (!shard.matches("[A-Za-z0-9._-]+\\.safetensors")) {
        throw new GoodhartException(index + ": '" + shard + "' is not the name of a shard");
      }
      SafeTensors file =
          shards.computeIfAbsent(shard, name -> SafeTensors.open(folder.resolve(name)));
      if (!file.places().containsKey(entry.getKey())) {
        throw new GoodhartException(
            index + ": " + entry.getKey() + " is not in " + shard + ", where the index has it");
      }
      files.put(entry.getKey(), file);
    }
    for (var shard : shards.entrySet()) {
      for (String name : shard.getValue().places().keySet()) {
        if (files.get(name) != shard.getValue()) {
          throw new GoodhartException(
              index + ": " + name + " of " + shard.getKey() + " is not in the index");
        }
      }
    }
    return files;
  }

  /** Writes one file, whole or not at all; it may be larger than memory. */
  @FunctionalInterface
  public interface Contents {
    void writeTo(Path file);
  }

  /**
   * The files of a model by name: configuration and weights in 32 bits, or in 16 where the weights
   * are. Adapters are not in them.
   */
  public static Map<String, Contents> files(Decoder decoder) {
    ScalarType stored = decoder.device().computeType();
    String config =
        ConfigJson.text(decoder.config(), stored == ScalarType.BFloat16 ? "bfloat16" : "float32");
    Map<String, Contents> files = new LinkedHashMap<>();
    files.put(ConfigJson.FILE, file -> AtomicOutput.write(file, config));
    files.put(
        WHOLE, file -> SafeTensors.write(file, decoder.weights(), stored, Map.of("format", "pt")));
    return files;
  }

  /**
   * Writes a model's {@link #files} into a folder, which is made if need be. Each appears under its
   * name whole or not at all.
   *
   * @throws GoodhartException if it cannot be written
   */
  public static void write(Path folder, Decoder decoder) {
    files(decoder).forEach((name, file) -> file.writeTo(folder.resolve(name)));
  }

  /**
   * A model from scratch: weights normal with deviation 0.02, those that write into the residual
   * stream smaller by √(2·layers) (GPT-2), norms 1, biases 0.
   */
  public static Decoder random(DecoderConfig config, long seed, Device device) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    int index = 0;
    for (var entry : config.shapes().entrySet()) {
      String name = entry.getKey();
      long[] shape = entry.getValue();
      SplittableRandom random = new Seeds(seed).of("weights", index++);
      double deviation =
          name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight")
              ? 0.02 / Math.sqrt(2.0 * config.layers())
              : 0.02;
      float constant = name.endsWith("norm.weight") ? 1 : 0;
      boolean matrix = shape.length == 2;
      int elements = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = matrix ? (float) (deviation * random.nextGaussian()) : constant;
      }
      weights.put(
          name,
          Scope.outside(() -> device.move(Tensor.create(values, shape), device.computeType())));
    }
    return new Decoder(config, weights);
  }
}
