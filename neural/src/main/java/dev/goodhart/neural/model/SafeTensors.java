package dev.goodhart.neural.model;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.run.IoReason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of tensors in the safetensors format: eight bytes with the length of a JSON header, the
 * header with each tensor's type, shape and place, then the numbers. The file is mapped and copied
 * piece by piece, so that reading a model takes hardly more memory than the model.
 */
public final class SafeTensors {
  /** Far more than any real header. */
  private static final long LARGEST_HEADER = 100 << 20;

  private static final long PIECE = 32 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final Map<String, Place> places;
  private final Map<String, String> metadata;

  /**
   * Where a tensor is.
   *
   * @param from in bytes from the start of the file
   */
  record Place(ScalarType type, long[] shape, long from, long bytes) {}

  private SafeTensors(Path file, Map<String, Place> places, Map<String, String> metadata) {
    this.file = file;
    this.places = places;
    this.metadata = metadata;
  }

  /**
   * Reads a file's header.
   *
   * @throws GoodhartException if it cannot be read, or is damaged, saying how
   */
  public static SafeTensors open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 8) throw damaged(file, "it is shorter than its first eight bytes");
      long length = bytes(channel, 0, 8).getLong();
      if (length < 2 || length > size - 8 || length > LARGEST_HEADER) {
        throw damaged(file, "its header would have " + length + " bytes, it has " + size);
      }
      String header = StandardCharsets.UTF_8.decode(bytes(channel, 8, (int) length)).toString();
      JsonNode json = JSON.readTree(header);
      Map<String, String> metadata = new LinkedHashMap<>();
      for (var entry : json.path("__metadata__").properties()) {
        metadata.put(entry.getKey(), entry.getValue().asString(""));
      }
      return new SafeTensors(
          file, places(file, json, 8 + length, size), Collections.unmodifiableMap(metadata));
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    } catch (JacksonException e) {
      throw new GoodhartException(file + ": damaged: its header is not JSON", e);
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) throw new IOException("ends early");
    }
    return buffer.flip();
  }

  private static Map<String, Place> places(Path file, JsonNode header, long start, long size) {
    Map<String, Place> places = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      String name = entry.getKey();
      if (name.equals("__metadata__")) continue;
      JsonNode value = entry.getValue();
      ScalarType type = type(file, name, value.path("dtype").asString(""));
      JsonNode shape = value.path("shape");
      JsonNode offsets = value.path("data_offsets");
      if (!shape.isArray() || shape.size() > 8 || !offsets.isArray() || offsets.size() != 2) {
        throw damaged(file, name + " has no shape and data_offsets");
      }
      long[] dims = new long[shape.size()];
      long elements = 1;
      for (int i = 0; i < dims.length; i++) {
        dims[i] = shape.get(i).asLong(-1);
        if (dims[i] < 0 || (dims[i] > 0 && elements > size / dims[i] + 1)) {
          throw damaged(file, name + " has the shape " + shape);
        }
        elements *= dims[i];
      }
      long from = offsets.get(0).asLong(-1);
      long to = offsets.get(1).asLong(-1);
      if (from < 0 || to < from || to > size - start || to - from != elements * width(type)) {
        throw damaged(
            file, name + " " + shape + " does not fit its place " + offsets + " in the file");
      }
      places.put(name, new Place(type, dims, start + from, to - from));
    }
    return Collections.unmodifiableMap(places);
  }

  private static GoodhartException damaged(Path file, String why) {
    return new GoodhartException(file + ": damaged: " + why);
  }

  private static ScalarType type(Path file, String name, String dtype) {
    return switch (dtype) {
      case "F64" -> ScalarType.Double;
      case "F32" -> ScalarType.Float;
      case "F16" -> ScalarType.Half;
      case "BF16" -> ScalarType.BFloat16;
      case "I64" -> ScalarType.Long;
      default ->
          throw new GoodhartException(
              file
                  + ": "
                  + name
                  + " is of type "
                  + dtype
                  + "; known are F64, F32, F16, BF16 and I64 (a quantised model must be"
                  + " dequantised first)");
    };
  }

  private static int width(ScalarType type) {
    return switch (type) {
      case Double, Long -> 8;
      case Float -> 4;
      default -> 2;
    };
  }

  /** What the file says of itself. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The tensors' shapes by name, in the file's order. */
  public Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    places.forEach((name, place) -> shapes.put(name, place.shape));
    return shapes;
  }

  /** The tensors' names, in the file's order, with where they are. */
  Map<String, Place> places() {
    return places;
  }

  /**
   * Copies a tensor out of the file. It is attached to the scope that is open, if there is one.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public Tensor read(String name, Device device, ScalarType type) {
    Place place = places.get(name);
    if (place == null) throw new IllegalArgumentException(name + " is not in " + file);
    Tensor flat = device.empty(type, place.bytes / width(place.type));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long at = 0; at < place.bytes; at += PIECE) {
        long length = Math.min(PIECE, place.bytes - at);
        try (Arena arena = Arena.ofConfined();
            Scope ignored = Scope.inference()) {
          MemorySegment piece = channel.map(MapMode.READ_ONLY, place.from + at, length, arena);
          long from = at / width(place.type);
          long n = length / width(place.type);
          flat.narrow(0, from, n).copy_(tensor(piece, place.type, n));
        }
      }
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    }
    return flat.view(place.shape);
  }

  private static Tensor tensor(MemorySegment memory, ScalarType type, long elements) {
    return torch.from_blob(
        new At(memory.address()), new long[] {elements}, new TensorOptions(type));
  }

  /** Native memory that somebody else owns. */
  private static final class At extends Pointer {
    At(long address) {
      this.address = address;
    }
  }

  /**
   * Writes tensors in 32-bit floats, or in 16 bits with {@link ScalarType#BFloat16}. The file
   * appears under its name whole or not at all, replacing what was there.
   *
   * @param metadata what the file is to say of itself
   * @throws GoodhartException if it cannot be written; what was there is then still there
   */
  public static void write(
      Path file, Map<String, Tensor> tensors, ScalarType type, Map<String, String> metadata) {
    // The same name each time, so that what a killed process left is written over by the next.
    Path partial = file.resolveSibling("." + file.getFileName() + ".partial");
    try {
      Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        write(channel, tensors, type, metadata);
        channel.force(true);
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(partial);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw new GoodhartException(file + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  private static void write(
      FileChannel channel,
      Map<String, Tensor> tensors,
      ScalarType type,
      Map<String, String> metadata)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", metadata);
    long at = 0;
    for (var entry : tensors.entrySet()) {
      long bytes = entry.getValue().numel() * width(type);
      Map<String, Object> place = new LinkedHashMap<>();
      place.put("dtype", type == ScalarType.BFloat16 ? "BF16" : "F32");
      place.put("shape", entry.getValue().shape());
      place.put("data_offsets", new long[] {at, at + bytes});
      header.put(entry.getKey(), place);
      at += bytes;
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(json);
    while (head.hasRemaining()) head.put((byte) ' ');
    writeFully(channel, head.flip());
    for (Tensor tensor : tensors.values()) {
      write(channel, tensor, type);
    }
  }

  private static void write(FileChannel channel, Tensor tensor, ScalarType type)
      throws IOException {
    long n = tensor.numel();
    long step = PIECE / width(type);
    for (long from = 0; from < n; from += step) {
      try (Scope ignored = Scope.inference()) {
        long count = Math.min(step, n - from);
        Tensor flat = tensor.detach().reshape(-1).narrow(0, from, count);
        Tensor piece = Device.CPU.move(flat, type).contiguous();
        MemorySegment memory =
            MemorySegment.ofAddress(piece.data_ptr().address()).reinterpret(count * width(type));
        writeFully(channel, memory.asByteBuffer());
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int written = channel.write(bytes);
      assert written >= 0;
    }
  }
}
