package dev.goodhart.serve.journal;

import dev.goodhart.Message;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.audit.Finding;
import dev.goodhart.serve.scoring.Asked;
import dev.goodhart.serve.scoring.Scoring;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A batch as lines of a journal. Written token by token: a mapper that has to look at every value's
 * class would take longer than the rest of a request.
 *
 * @param texts whether samples are written whole
 */
record Lines(boolean texts) {
  private static final JsonFactory JSON = JsonFactory.builder().rootValueSeparator("\n").build();

  byte[] of(String time, Asked asked, List<Scoring> scorings, String version) {
    byte[] lines = write(time, asked, scorings, version, false);
    return halved(lines) ? write(time, asked, scorings, version, true) : lines;
  }

  /**
   * Whether half a surrogate pair is written, which has no UTF-8 and therefore stands as an escape:
   * DuckDB refuses a whole file for one of those. Seldom so, and looked for in the bytes because
   * that costs the least.
   */
  private static boolean halved(byte[] lines) {
    for (int i = 0; i < lines.length - 2; i++) {
      if (lines[i] == '\\' && lines[i + 1] == 'u' && (lines[i + 2] | ' ') == 'd') return true;
    }
    return false;
  }

  private byte[] write(
      String time, Asked asked, List<Scoring> scorings, String version, boolean mend) {
    var bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      Writing to = new Writing(json, mend);
      for (int i = 0; i < scorings.size(); i++) {
        json.writeStartObject();
        json.writeStringProperty("time", time);
        json.writeStringProperty("kind", "sample");
        to.text("request", asked.id());
        to.text("client", asked.client());
        to.text("key", asked.key());
        to.text("protocol", asked.protocol());
        to.text("run", asked.run());
        to.step(asked.step());
        json.writeNumberProperty("index", i);
        json.writeNumberProperty("batch", scorings.size());
        to.scoring(scorings.get(i));
        to.text("version", version);
        to.sample(scorings.get(i).sample(), texts);
        json.writeEndObject();
      }
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  /** A part's own parts (members of an ensemble, criteria of a rubric) stand behind its name. */
  static Map<String, Reward> flat(Reward reward) {
    if (reward.parts().values().stream().allMatch(part -> part.parts().isEmpty())) {
      return reward.parts();
    }
    Map<String, Reward> flat = new LinkedHashMap<>();
    reward
        .parts()
        .forEach(
            (name, part) -> {
              flat.put(name, part);
              flat(part).forEach((own, each) -> flat.put(name + "/" + own, each));
            });
    return flat;
  }

  /** One line. */
  static byte[] alarm(String time, String run, @Nullable Long step, Finding finding) {
    var bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      Writing to = new Writing(json, true);
      json.writeStartObject();
      json.writeStringProperty("time", time);
      json.writeStringProperty("kind", "alarm");
      to.text("run", run);
      to.step(step);
      to.text("alarm", finding.name());
      to.text("level", finding.level().name());
      to.text("says", finding.says());
      json.writeName("figures");
      to.value(finding.figures());
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  /**
   * @param mend whether to write what has no UTF-8 as a question mark, as a digest takes it
   */
  private record Writing(JsonGenerator json, boolean mend) {
    void scoring(Scoring scoring) {
      text("digest", scoring.digest());
      Reward reward = scoring.reward();
      number("reward", reward);
      switch (reward) {
        case Scored scored -> {
          text("reason", null);
          if (scored.deviation().isPresent()) {
            json.writeNumberProperty("deviation", scored.deviation().getAsDouble());
          } else {
            json.writeNullProperty("deviation");
          }
          text("scale", scored.scale() == null ? null : scored.scale().id());
        }
        case Unscored unscored -> {
          text("reason", unscored.reason());
          json.writeNullProperty("deviation");
          json.writeNullProperty("scale");
        }
      }
      json.writeObjectPropertyStart("parts");
      Map<String, Reward> parts = flat(reward);
      parts.forEach((name, part) -> number(name(name), part));
      json.writeEndObject();
      json.writeObjectPropertyStart("reasons");
      parts.forEach(
          (name, part) -> {
            if (part instanceof Unscored unscored) text(name(name), unscored.reason());
          });
      json.writeEndObject();
      json.writeObjectPropertyStart("nanos");
      scoring.signals().forEach((name, took) -> json.writeNumberProperty(name(name), took.nanos()));
      json.writeEndObject();
      json.writeArrayPropertyStart("cached");
      scoring
          .signals()
          .forEach(
              (name, took) -> {
                if (took.cached()) json.writeString(name(name));
              });
      json.writeEndArray();
    }

    private void number(String name, Reward reward) {
      switch (reward) {
        case Scored scored -> json.writeNumberProperty(name, scored.value());
        case Unscored unscored -> json.writeNullProperty(name);
      }
    }

    void step(@Nullable Long step) {
      if (step == null) {
        json.writeNullProperty("step");
      } else {
        json.writeNumberProperty("step", step);
      }
    }

    void sample(Sample sample, boolean whole) {
      json.writeObjectPropertyStart("sample");
      text("id", sample.id());
      if (whole) {
        json.writeArrayPropertyStart("prompt");
        for (Message message : sample.prompt().messages()) {
          json.writeStartObject();
          text("role", message.role());
          text("content", message.content());
          json.writeEndObject();
        }
        json.writeEndArray();
        text("response", sample.response());
        text("reference", sample.reference());
        json.writeName("columns");
        value(sample.columns());
      }
      json.writeEndObject();
    }

    void text(String name, @Nullable String text) {
      if (text == null) {
        json.writeNullProperty(name);
      } else {
        json.writeStringProperty(name, name(text));
      }
    }

    private String name(String text) {
      return mend
          ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
          : text;
    }

    void value(@Nullable Object value) {
      switch (value) {
        case null -> json.writeNull();
        case String text -> json.writeString(name(text));
        case Boolean flag -> json.writeBoolean(flag);
        case Integer number -> json.writeNumber(number);
        case Long number -> json.writeNumber(number);
        case Double number -> json.writeNumber(number); // NaN and infinities as text
        case BigInteger number -> json.writeNumber(number);
        case BigDecimal number -> json.writeNumber(number);
        case List<?> list -> {
          json.writeStartArray();
          list.forEach(this::value);
          json.writeEndArray();
        }
        case Map<?, ?> map -> {
          json.writeStartObject();
          map.forEach(
              (key, each) -> {
                json.writeName(name(String.valueOf(key)));
                value(each);
              });
          json.writeEndObject();
        }
        default -> json.writeString(name(value.toString()));
      }
    }
  }
}
