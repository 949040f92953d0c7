package dev.goodhart.verify.structure;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.goodhart.GoodhartException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON Schema that has been read whole and refers to nothing outside itself. */
final class CompiledSchema {
  private static final JsonMapper JSON = new JsonMapper();

  /** Loaded with the first schema, not with the spec. */
  private static final class Registry {
    private static final SchemaRegistryConfig CONFIG =
        SchemaRegistryConfig.builder()
            .regularExpressionFactory(
                pattern -> {
                  Pattern compiled = Pattern.compile(pattern);
                  return text -> compiled.matcher(text).find();
                })
            // Half a million wrong items are as wrong as one, and would take seconds.
            .failFast(true)
            .build();

    /** What the drafts say of schemas; these have long been read when the second sample comes. */
    private static final Map<SpecificationVersion, Schema> META =
        Collections.synchronizedMap(new EnumMap<>(SpecificationVersion.class));

    static Schema meta(SpecificationVersion version) {
      return META.computeIfAbsent(
          version,
          v ->
              SchemaRegistry.withDefaultDialect(v, builder -> builder.schemaRegistryConfig(CONFIG))
                  .getSchema(SchemaLocation.of(v.getDialectId())));
    }

    static SchemaRegistry registry() {
      return SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder
                  .schemaCacheEnabled(false)
                  .schemaRegistryConfig(CONFIG)
                  .schemaLoader(
                      loader ->
                          loader
                              .fetchRemoteResources(false)
                              .block(iri -> !iri.toString().contains("json-schema.org/"))));
    }
  }

  private final Schema schema;

  private CompiledSchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * @param given JSON text, or an object as JSON gives it
   * @throws GoodhartException saying why it is no schema
   */
  static CompiledSchema of(Object given) {
    JsonNode node;
    try {
      node = given instanceof String text ? JSON.readTree(text) : JSON.valueToTree(given);
    } catch (JacksonException e) {
      throw new GoodhartException("is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject() && !node.isBoolean()) {
      throw new GoodhartException("a JSON Schema is an object, true or false");
    }
    checkAgainstItsOwnSchema(node);
    try {
      Schema schema = Registry.registry().getSchema(node);
      schema.initializeValidators();
      return new CompiledSchema(schema);
    } catch (PatternSyntaxException e) {
      throw new GoodhartException(
          "has a pattern that RE2 does not know: "
              + e.getDescription()
              + " in '"
              + e.getPattern()
              + "'",
          e);
    } catch (SchemaException | IllegalArgumentException e) {
      throw new GoodhartException("is no JSON Schema: " + firstLine(e), e);
    }
  }

  /** A misspelt type would otherwise accept or refuse everything without a word. */
  private static void checkAgainstItsOwnSchema(JsonNode node) {
    SpecificationVersion version =
        SpecificationVersion.fromSchemaNode(node).orElse(SpecificationVersion.DRAFT_2020_12);
    List<Error> errors;
    try {
      errors = Registry.meta(version).validate(node);
    } catch (SchemaException e) {
      throw new GoodhartException("is no JSON Schema: " + firstLine(e), e);
    }
    if (!errors.isEmpty()) {
      throw new GoodhartException("is no JSON Schema: " + errors.getFirst());
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  boolean accepts(JsonNode json) {
    return schema.validate(json).isEmpty();
  }
}
