package dev.goodhart.signal;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import dev.goodhart.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a saved reward model is: the {@code model.json} of its folder.
 *
 * @param kind which {@link ModelKind} opens it
 * @param hyperParameters of the method that made it, by name
 * @param calibration what brings its raw reward to log-odds, by name
 * @param training what it was fitted on and how that went, by name
 * @param heldOut its figures on prompts that took no part in the fit, by name
 * @param provenance the command, seed, data and versions behind it
 * @param files the other files of the folder with their digests
 */
public record ModelCard(
    String kind,
    Map<String, @Nullable Object> hyperParameters,
    Map<String, @Nullable Object> calibration,
    Map<String, @Nullable Object> training,
    Map<String, @Nullable Object> heldOut,
    Provenance provenance,
    Map<String, String> files) {
  /** The version of the folder's layout that is written, and the only one that is read. */
  public static final int FORMAT = 1;

  static final String FILE = "model.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * Reads the card of a model's folder.
   *
   * @throws GoodhartException if there is none, it is of another version, or it is damaged
   */
  public static ModelCard read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(folder)) {
      throw new GoodhartException(
          folder + ": no such model; make one with: goodhart fit DATA -o " + folder);
    }
    if (!Files.isRegularFile(file)) {
      throw new GoodhartException(
          folder
              + ": is no reward model: it has no "
              + FILE
              + "; goodhart fit makes such a folder");
    }
    try {
      Map<String, @Nullable Object> json = map(JSON.readValue(Files.readString(file), Map.class));
      if (!(json.get("format") instanceof Number format)) {
        throw new GoodhartException(file + ": damaged: it names no format");
      }
      if (format.doubleValue() != FORMAT) {
        throw new GoodhartException(
            file
                + ": is of format "
                + format
                + ", this version of Goodhart reads format "
                + FORMAT
                + "; fit the model again, or use the version it was made with ("
                + map(map(json.get("provenance")).get("versions")).get("goodhart")
                + ")");
      }
      return read(json);
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    } catch (JacksonException | ClassCastException | IllegalArgumentException e) {
      throw new GoodhartException(file + ": damaged: not a reward model's description", e);
    }
  }

  private static ModelCard read(Map<String, @Nullable Object> json) {
    Map<String, @Nullable Object> from = map(json.get("provenance"));
    return new ModelCard(
        text(json.get("kind")),
        map(json.get("hyper-parameters")),
        map(json.get("calibration")),
        map(json.get("training")),
        map(json.get("held-out")),
        new Provenance(
            text(from.get("command")),
            number(from, "seed").longValue(),
            texts(from.get("data")),
            texts(from.get("versions"))),
        texts(json.get("files")));
  }

  String json() {
    Map<String, @Nullable Object> from = new LinkedHashMap<>();
    from.put("command", provenance.command());
    from.put("seed", provenance.seed());
    from.put("data", provenance.data());
    from.put("versions", provenance.versions());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("kind", kind);
    json.put("hyper-parameters", hyperParameters);
    json.put("calibration", calibration);
    json.put("training", training);
    json.put("held-out", heldOut);
    json.put("provenance", from);
    json.put("files", files);
    return JSON.writeValueAsString(json) + "\n";
  }

  /** A number among hyper-parameters or figures. */
  public static Number number(Map<String, @Nullable Object> values, String name) {
    if (values.get(name) instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException(name);
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("expected a text");
  }

  private static Map<String, @Nullable Object> map(@Nullable Object value) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    if (!(value instanceof Map<?, ?> given)) {
      throw new IllegalArgumentException("expected an object");
    }
    given.forEach((key, v) -> map.put((String) key, v));
    return map;
  }

  private static Map<String, String> texts(@Nullable Object value) {
    Map<String, String> texts = new LinkedHashMap<>();
    map(value).forEach((key, v) -> texts.put(key, text(v)));
    return texts;
  }
}
