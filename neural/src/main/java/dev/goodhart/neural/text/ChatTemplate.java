package dev.goodhart.neural.text;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.neural.text.jinja.JinjaException;
import dev.goodhart.neural.text.jinja.Template;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a conversation as the one text that a chat model was trained on: turns, roles and markers
 * as the model's own Jinja template puts them. The text holds its special tokens, so it is encoded
 * with {@link Tokenizer#encode(String)}, which adds none.
 *
 * <pre>{@code
 * ChatTemplate template = ChatTemplate.open(folder, tokenizer);
 * int[] ids = tokenizer.encode(template.render(List.of(Message.user("Hi")), true, Map.of()));
 * }</pre>
 *
 * <p>A template is a stranger's program: it reaches no file, no class and no network, and ends
 * after a bounded number of steps and characters. Safe to use from several threads at once.
 */
public final class ChatTemplate {
  /**
   * For models without a template: {@code User: …}, {@code Assistant: …}, a blank line between
   * turns, and the token that ends a text after each of the assistant's.
   *
   * <pre>{@code
   * User: Is 7 prime?
   *
   * Assistant: Yes.<|eos|>
   * }</pre>
   */
  static final String PLAIN =
      """
      {%- for message in messages -%}
        {%- if not loop.first %}{{ '\\n\\n' }}{% endif -%}
        {{- message.role | capitalize + ': ' + message.content -}}
        {%- if message.role == 'assistant' %}{{ eos_token }}{% endif -%}
      {%- endfor -%}
      {%- if add_generation_prompt %}{{ '\\n\\n' if messages }}{{ 'Assistant:' }}{% endif -%}
      """;

  private final String name;
  private final Template template;
  private final Map<String, String> specialTokens;
  private final boolean plain;

  private ChatTemplate(String name, String source, Map<String, String> tokens, boolean plain) {
    this.name = name;
    this.plain = plain;
    specialTokens = Map.copyOf(tokens);
    try {
      template = Template.parse(source);
    } catch (JinjaException e) {
      throw new GoodhartException(name + ": is no template: " + e.getMessage(), e);
    }
  }

  /**
   * The template of a model's folder, or the plain one if it has none.
   *
   * @param tokenizer whose special tokens the template finds as {@code bos_token}, {@code
   *     eos_token}, …
   * @throws GoodhartException if the folder's template cannot be read, naming the file
   */
  public static ChatTemplate open(Path folder, Tokenizer tokenizer) {
    return open(folder, tokenizer, "default");
  }

  /**
   * One of several templates of a model's folder.
   *
   * @param which the name it has there: {@code default}, {@code tool_use}, {@code rag}
   */
  public static ChatTemplate open(Path folder, Tokenizer tokenizer, String which) {
    Map<String, String> sources = sources(folder);
    Map<String, String> tokens = tokenizer.special().texts();
    String source = sources.get(which);
    if (source != null) return new ChatTemplate(where(folder, which), source, tokens, false);
    if (sources.isEmpty() && which.equals("default")) return plain(tokenizer);
    throw new GoodhartException(
        folder + ": has no chat template named " + which + "; it has " + sources.keySet());
  }

  /**
   * A template given as text.
   *
   * @param name how messages call it
   * @param tokens role to text: {@code bos_token}, {@code eos_token}, …
   */
  public static ChatTemplate of(String name, String source, Map<String, String> tokens) {
    return new ChatTemplate(name, source, tokens, false);
  }

  /** {@code User: …}, {@code Assistant: …}, for models that were not trained on another form. */
  public static ChatTemplate plain(Tokenizer tokenizer) {
    return new ChatTemplate("the plain template", PLAIN, tokenizer.special().texts(), true);
  }

  private static String where(Path folder, String which) {
    return folder + " (chat template" + (which.equals("default") ? ")" : " " + which + ")");
  }

  /** Name to source; a file of its own has the last word, as in transformers. */
  private static Map<String, String> sources(Path folder) {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String file : List.of("chat_template.json", TokenizerFiles.CONFIG)) {
      ObjectNode json = JsonFile.read(folder.resolve(file));
      if (json != null) add(folder.resolve(file), json.path("chat_template"), sources);
    }
    Path own = folder.resolve("chat_template.jinja");
    if (Files.exists(own)) sources.put("default", JsonFile.text(own));
    return sources;
  }

  private static void add(Path file, JsonNode given, Map<String, String> sources) {
    if (given.isMissingNode() || given.isNull()) return;
    if (given.isString()) {
      sources.put("default", given.asString());
      return;
    }
    for (JsonNode each : given) {
      if (!each.path("name").isString() || !each.path("template").isString()) {
        throw new GoodhartException(
            file + ": expected chat_template to be a text or a list of {name, template}");
      }
      sources.put(each.path("name").asString(), each.path("template").asString());
    }
  }

  /** Whether the model came without a template. */
  public boolean isPlain() {
    return plain;
  }

  /**
   * The conversation as text.
   *
   * @param addGenerationPrompt whether to end with the beginning of the assistant's turn, for a
   *     model that is to go on from there
   * @param extra more variables that the template knows: {@code tools}, {@code enable_thinking}
   * @throws GoodhartException if the template refuses the conversation (Llama-2 insists that roles
   *     alternate), with its own words
   */
  public String render(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> extra) {
    List<Map<String, Object>> turns = new ArrayList<>(messages.size());
    for (Message message : messages) {
      turns.add(Map.of("role", message.role(), "content", message.content()));
    }
    return renderTurns(turns, addGenerationPrompt, extra);
  }

  /**
   * The conversation as text, with turns that hold more than a role and a content, such as {@code
   * tool_calls} or {@code reasoning_content}.
   */
  public String renderTurns(
      List<? extends Map<String, ?>> turns,
      boolean addGenerationPrompt,
      Map<String, ? extends @Nullable Object> extra) {
    Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
    variables.put("tools", null);
    variables.put("documents", null);
    variables.putAll(extra);
    variables.put("messages", turns);
    variables.put("add_generation_prompt", addGenerationPrompt);
    try {
      return template.render(variables, LocalDateTime::now);
    } catch (JinjaException e) {
      throw new GoodhartException(
          name
              + (e.isRaised() ? ": refuses the conversation: " : ": cannot be rendered: ")
              + e.getMessage(),
          e);
    }
  }
}
