package dev.goodhart.verify.structure;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.run.IoReason;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import dev.goodhart.verify.text.Within;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether the response is JSON, and of the shape that it should have: 1 if it is, else 0. For tool
 * calls, extraction, and answers that a program reads.
 *
 * <p>Without a schema it is enough to be JSON. With one (JSON Schema, drafts 4 to 2020-12) the JSON
 * has to conform; {@code parsed} is what JSON earns that does not. The parts are {@code parses}
 * and, with a schema, {@code conforms}, each 0 or 1.
 *
 * <p>JSON that is deeper than {@code max-depth}, names a key twice, or is followed by something
 * else is none. A {@code $ref} reaches into the schema itself only; nothing is fetched. Patterns in
 * a schema are RE2's, whose time is linear in the text.
 *
 * <p>Unscored when the sample's schema is missing or is none, or the response has more than 4 Mi
 * characters.
 *
 * @param schema the schema itself, written in the spec
 * @param schemaFile a file that holds it
 * @param column that holds each sample's own schema, as JSON text or an object
 * @param source where in the response the JSON stands
 * @param parsed the reward of JSON that does not conform to the schema
 * @param maxDepth how deep it may be nested
 * @param within which part of the response is looked at
 */
@Method(name = "json")
public record JsonSignal(
    Optional<Object> schema,
    Optional<Path> schemaFile,
    Optional<String> column,
    @Default("either") Source source,
    @Default("0") double parsed,
    @Default("64") int maxDepth,
    @Default("response") Within within)
    implements Verifier {
  private static final int LONGEST = 4 << 20;

  /** Where in a response the JSON stands. */
  public enum Source {
    /** The response is JSON and nothing else. */
    WHOLE,
    /** The last fenced block that is marked as JSON, else the last that is not marked. */
    FENCED,
    /** The whole response where it begins like JSON, otherwise its fenced block. */
    EITHER
  }

  public JsonSignal {
    int schemas =
        (schema.isPresent() ? 1 : 0)
            + (schemaFile.isPresent() ? 1 : 0)
            + (column.isPresent() ? 1 : 0);
    if (schemas > 1) {
      throw new IllegalArgumentException(
          "schema: expected one of schema, schema-file and column, found " + schemas);
    }
    if (!Double.isFinite(parsed)) {
      throw new IllegalArgumentException("parsed: expected a finite number");
    }
    if (maxDepth < 1 || maxDepth > 1000) {
      throw new IllegalArgumentException("max-depth: expected 1 to 1000, found " + maxDepth);
    }
    schema.ifPresent(
        object -> {
          try {
            CompiledSchema.of(object);
          } catch (GoodhartException e) {
            throw new IllegalArgumentException("schema: " + e.getMessage(), e);
          }
        });
  }

  /** Any JSON, whole or fenced. */
  public JsonSignal() {
    this(Optional.empty());
  }

  /** JSON of a schema, whole or fenced. */
  public JsonSignal(Optional<Object> schema) {
    this(schema, Optional.empty(), Optional.empty(), Source.EITHER, 0, 64, Within.RESPONSE);
  }

  /** With its schema compiled once. */
  @Override
  public Signal open() {
    CompiledSchema compiled =
        schema.isPresent()
            ? CompiledSchema.of(schema.get())
            : schemaFile.map(JsonSignal::read).orElse(null);
    JsonText reader = new JsonText(maxDepth);
    return sample -> of(sample, compiled, reader);
  }

  @Override
  public Reward of(Sample sample) {
    return open().of(sample);
  }

  private static CompiledSchema read(Path file) {
    try {
      return CompiledSchema.of(Files.readString(file));
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    } catch (GoodhartException e) {
      throw new GoodhartException(file + ": " + e.getMessage(), e);
    }
  }

  private Reward of(Sample sample, @Nullable CompiledSchema fixed, JsonText reader) {
    if (sample.response().length() > LONGEST) {
      return Reward.unscored(
          "too long: the response has " + sample.response().length() + " characters");
    }
    CompiledSchema compiled = fixed;
    if (column.isPresent()) {
      Object own = sample.columns().get(column.get());
      if (own == null) {
        return Reward.unscored("no schema: column '" + column.get() + "' holds none");
      }
      try {
        compiled = CompiledSchema.of(own);
      } catch (GoodhartException e) {
        return Reward.unscored("no schema: column '" + column.get() + "': " + e.getMessage());
      }
    }
    JsonNode json = reader.read(within.of(sample.response()), source);
    Map<String, Reward> parts = new LinkedHashMap<>();
    parts.put("parses", Reward.of(json == null ? 0 : 1));
    if (json == null || compiled == null) {
      return new Scored(json == null ? 0 : 1, OptionalDouble.empty(), parts);
    }
    boolean conforms = compiled.accepts(json);
    parts.put("conforms", Reward.of(conforms ? 1 : 0));
    return new Scored(conforms ? 1 : parsed, OptionalDouble.empty(), parts);
  }
}
