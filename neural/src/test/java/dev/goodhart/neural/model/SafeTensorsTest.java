package dev.goodhart.neural.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  @TempDir Path folder;

  @Test
  void everyTypeIsReadAsItsNumbers() throws IOException {
    // 1.5 is 3F C0 in bfloat16 and 3E 00 in half precision.
    byte[] numbers =
        bytes(
            26,
            b ->
                b.putShort((short) 0x3FC0)
                    .putShort((short) 0xC000)
                    .putShort((short) 0x3E00)
                    .putShort((short) 0xBC00)
                    .putFloat(0.25f)
                    .putDouble(-3));
    Path file =
        file(
            """
            {"__metadata__": {"format": "pt"},
             "b": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]},
             "h": {"dtype": "F16", "shape": [2, 1], "data_offsets": [4, 8]},
             "f": {"dtype": "F32", "shape": [], "data_offsets": [8, 12]},
             "d": {"dtype": "F64", "shape": [1], "data_offsets": [12, 20]},
             "none": {"dtype": "F32", "shape": [0, 3], "data_offsets": [20, 20]}}\
            """,
            numbers);
    SafeTensors tensors = SafeTensors.open(file);

    try (Scope scope = Scope.inference()) {
      assertArrayEquals(new double[] {1.5, -2}, read(tensors, "b"));
      assertArrayEquals(new double[] {1.5, -1}, read(tensors, "h"));
      assertArrayEquals(new double[] {0.25}, read(tensors, "f"));
      assertArrayEquals(new double[] {-3}, read(tensors, "d"));
      Tensor none = tensors.read("none", Device.CPU, ScalarType.Float);
      assertArrayEquals(new long[] {0, 3}, none.shape());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"w\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 8]}} | does not fit",
        "{\"w\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [4, 12]}} | does not fit",
        "{\"w\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [-8, 0]}} | does not fit",
        "{\"w\": {\"dtype\": \"F32\", \"shape\": [-2], \"data_offsets\": [0, 8]}} | shape",
        "{\"w\": {\"dtype\": \"F32\", \"shape\": [4611686018427387905, 2],"
            + " \"data_offsets\": [0, 8]}} | shape",
        "{\"w\": {\"dtype\": \"I4\", \"shape\": [2], \"data_offsets\": [0, 8]}} | type I4",
        "{\"w\": {\"dtype\": \"F32\"}} | no shape",
        "{\"w\": | not JSON"
      })
  void damagedHeadersAreNamed(String header, String expected) throws IOException {
    Path file = file(header, new byte[8]);

    var e = assertThrows(GoodhartException.class, () -> SafeTensors.open(file));

    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void aHeaderLongerThanTheFileIsNotRead() throws IOException {
    Path file = folder.resolve("long.safetensors");
    Files.write(file, bytes(16, b -> b.putLong(Long.MAX_VALUE)));

    var e = assertThrows(GoodhartException.class, () -> SafeTensors.open(file));

    assertTrue(e.getMessage().contains("header would have"), e.getMessage());
  }

  @Test
  void bytesAtRandomAreNeverACrash() throws IOException {
    DecoderConfig config = DecoderConfig.tiny(16, DecoderConfig.Special.NONE);
    HfFolder.write(folder, HfFolder.random(config, 1, Device.CPU));
    byte[] whole = Files.readAllBytes(folder.resolve("model.safetensors"));
    SplittableRandom random = new SplittableRandom(1);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] broken = whole.clone();
      for (int k = 0; k < 3; k++) broken[random.nextInt(200)] = (byte) random.nextInt(256);
      Path file = folder.resolve("broken.safetensors");
      Files.write(file, i % 2 == 0 ? broken : java.util.Arrays.copyOf(broken, random.nextInt(300)));
      try (Scope scope = Scope.inference()) {
        SafeTensors tensors = SafeTensors.open(file);
        tensors.places().keySet().forEach(n -> tensors.read(n, Device.CPU, ScalarType.Float));
      } catch (GoodhartException e) {
        refused++;
      }
    }
    assertTrue(refused > 200, refused + " of 300 were refused");
  }

  @ParameterizedTest
  @CsvSource({"missing", "extra", "shape"})
  void whatDoesNotFitTheConfigurationIsNamed(String fault) throws IOException {
    DecoderConfig config = DecoderConfig.tiny(16, DecoderConfig.Special.NONE);
    Decoder decoder = HfFolder.random(config, 1, Device.CPU);
    HfFolder.write(folder, decoder);
    Map<String, Tensor> tensors = new LinkedHashMap<>(decoder.weights());
    String name = "model.layers.2.mlp.up_proj.weight";
    switch (fault) {
      case "missing" -> tensors.remove(name);
      case "shape" -> tensors.put(name, decoder.weights().get("model.norm.weight"));
      default -> tensors.put("model.layers.2.surplus", tensors.get(name));
    }
    SafeTensors.write(folder.resolve("model.safetensors"), tensors, ScalarType.Float, Map.of());

    var e =
        assertThrows(
            GoodhartException.class, () -> HfFolder.read(folder, Device.CPU, Progress.NONE));

    String expected =
        switch (fault) {
          case "missing" -> name + " [344, 128] is missing";
          case "shape" -> name + " has the shape [128], expected [344, 128]";
          default -> "model.layers.2.surplus is not a tensor of a LlamaForCausalLM";
        };
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "'\"model_type\": \"llama\"', '\"model_type\": \"mamba\"', model_type is 'mamba'",
    "'\"hidden_act\": \"silu\"', '\"hidden_act\": \"gelu\"', hidden_act is gelu",
    "'LlamaForCausalLM', 'LlamaForTokenClassification', LlamaForTokenClassification",
    "'\"hidden_size\": 128', '\"hidden_size\": \"wide\"', hidden_size must be a whole number",
    "'\"num_key_value_heads\": 4', '\"num_key_value_heads\": 3', no multiple",
    "'\"rope_scaling\": null', '\"rope_scaling\": {\"rope_type\": \"yarn\"}', type 'yarn'"
  })
  void whatIsNotKnownIsNamed(String from, String to, String expected) throws IOException {
    DecoderConfig config = DecoderConfig.tiny(16, DecoderConfig.Special.NONE);
    String json = ConfigJson.text(config, "float32").replaceAll("\" : ", "\": ");
    assertTrue(json.contains(from), json);
    Files.writeString(folder.resolve("config.json"), json.replace(from, to));

    var e = assertThrows(GoodhartException.class, () -> ConfigJson.read(folder));

    assertTrue(e.getMessage().startsWith(folder.resolve("config.json") + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void aShardOutsideTheFolderIsRefused() throws IOException {
    DecoderConfig config = DecoderConfig.tiny(16, DecoderConfig.Special.NONE);
    Files.writeString(folder.resolve("config.json"), ConfigJson.text(config, "float32"));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"model.norm.weight\": \"../other.safetensors\"}}");

    var e =
        assertThrows(
            GoodhartException.class, () -> HfFolder.read(folder, Device.CPU, Progress.NONE));

    assertTrue(e.getMessage().contains("is not the name of a shard"), e.getMessage());
  }

  @Test
  void llamaThreesScalingAtItsEnds() {
    RopeScaling scaling = new RopeScaling("llama3", 8, 1, 4, 8192);
    double shortest = 2 * Math.PI / 100; // a wavelength of 100 positions, below 8192 / 4
    double longest = 2 * Math.PI / 10_000; // above 8192 / 1
    double middle = 2 * Math.PI / 4096; // 8192 / 4096 = 2: a third of the way from 1 to 4

    assertEquals(shortest, scaling.of(shortest), 1e-15);
    assertEquals(longest / 8, scaling.of(longest), 1e-15);
    assertEquals(middle * (2.0 / 3 / 8 + 1.0 / 3), scaling.of(middle), 1e-15);
  }

  private static double[] read(SafeTensors tensors, String name) {
    return Ops.doubles(tensors.read(name, Device.CPU, ScalarType.Float));
  }

  private Path file(String header, byte[] numbers) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("model.safetensors");
    Files.write(
        file,
        bytes(
            8 + json.length + numbers.length, b -> b.putLong(json.length).put(json).put(numbers)));
    return file;
  }

  private static byte[] bytes(int length, java.util.function.Consumer<ByteBuffer> fill) {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    fill.accept(buffer);
    return buffer.array();
  }
}
