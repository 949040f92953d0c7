package dev.goodhart.serve.protocol;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.data.SampleColumns;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Json;
import dev.goodhart.serve.scoring.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samples out of what the protocols of others send: texts, messages, labels. */
final class Received {
  private Received() {}

  /** A rendered conversation. */
  static Sample text(int index, String text) {
    RenderedChat chat = RenderedChat.of(text);
    return sample(index, chat.prompt(), chat.response(), null);
  }

  static Sample pair(int index, String prompt, String response) {
    return sample(index, RenderedChat.prompt(prompt), SpecialTokens.beforeTrailing(response), null);
  }

  /**
   * @param label what the trainer's data has for the answer: text and numbers become the reference;
   *     an object's fields become columns, and its {@code reference} the reference
   */
  static Sample sample(int index, Prompt prompt, String response, @Nullable Object label) {
    Map<String, Object> columns = new LinkedHashMap<>();
    String reference =
        switch (label) {
          case null -> null;
          // OpenRLHF has the empty text where its data have no labels.
          case String text -> text.isEmpty() ? null : text;
          case Number number -> number.toString();
          case Boolean flag -> flag.toString();
          case Map<?, ?> fields -> {
            fields.forEach(
                (name, value) -> {
                  if (value != null) columns.put(String.valueOf(name), value);
                });
            yield switch (columns.remove("reference")) {
              case String text -> text;
              case Number number -> number.toString();
              case null, default -> written(fields);
            };
          }
          default -> written(label);
        };
    return new Sample(Integer.toString(index), prompt, response, reference, columns);
  }

  private static String written(Object json) {
    return new String(Json.bytes(json), StandardCharsets.UTF_8);
  }

  /**
   * The rendered conversations in a field: one text, or a list of them.
   *
   * @throws Refusal 400 for anything else, token ids among it
   */
  static List<Sample> texts(Fields body, String name) {
    if (body.get(name) instanceof List<?> list && !list.isEmpty() && isTokens(list.getFirst())) {
      throw Refusal.bad(
          name
              + ": token ids mean nothing here, since a reward spec knows no tokenizer of the"
              + " caller's; send text or messages");
    }
    List<Sample> samples = new ArrayList<>();
    for (String text : body.textOrTexts(name)) samples.add(text(samples.size(), text));
    return samples;
  }

  private static boolean isTokens(@Nullable Object value) {
    return value instanceof Number
        || value instanceof List<?> ids && !ids.isEmpty() && ids.getFirst() instanceof Number;
  }

  /**
   * Messages, of which the last is the response.
   *
   * @throws Refusal 400 if the last of several is not the assistant's, or one holds more than text
   */
  static Sample messages(Fields body, String name) {
    List<Message> turns = turns(body.list(name), name);
    if (turns.isEmpty()) {
      throw Refusal.bad(name + ": is empty; the last message is what is rewarded");
    }
    Message last = turns.getLast();
    if (turns.size() > 1 && !last.role().equals("assistant")) {
      throw Refusal.bad(
          name
              + "["
              + (turns.size() - 1)
              + "]: the last message is what is rewarded, so its role must be assistant, not "
              + last.role());
    }
    return sample(0, new Prompt(turns.subList(0, turns.size() - 1)), last.content(), null);
  }

  /** A prompt as text, plain or rendered, or as messages. */
  static Prompt prompt(@Nullable Object prompt, String where) {
    return switch (prompt) {
      case null -> Prompt.NONE;
      case String text -> RenderedChat.prompt(text);
      case List<?> messages -> new Prompt(turns(messages, where));
      default -> throw Refusal.bad(where + ": expected text or a list of messages");
    };
  }

  private static List<Message> turns(List<?> messages, String where) {
    if (messages.isEmpty()) {
      return List.of();
    }
    for (int i = 0; i < messages.size(); i++) {
      Fields message = Fields.of(where + "[" + i + "]", messages.get(i));
      if (message.get("content") instanceof List<?> parts) {
        for (Object part : parts) {
          if (!(part instanceof Map<?, ?> map) || !(map.get("text") instanceof String)) {
            throw Refusal.bad(message.where() + ": content: only parts of type text are rewarded");
          }
        }
      }
    }
    try {
      return SampleColumns.sample(Map.of("prompt", messages, "response", "")).prompt().messages();
    } catch (GoodhartException | IllegalArgumentException e) {
      throw Refusal.bad(where + ": expected messages {role, content}");
    }
  }
}
