package dev.goodhart.neural.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Templates written here in the constructs that the published ones use; the expected prompts are
 * the formats that the models' makers document.
 */
class ChatTemplateTest {
  private static final List<Message> CHAT =
      List.of(
          new Message("system", "Be brief."),
          Message.user("Hi"),
          Message.assistant("Hello"),
          Message.user("Bye "));

  private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");

  private static String render(String template, List<Message> messages, Map<String, Object> more) {
    return ChatTemplate.of("test", template, TOKENS).render(messages, true, more);
  }

  @Test
  void chatMl() {
    String template =
        """
        {%- for message in messages %}
            {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\\n' }}
        {%- endif %}
        """;

    assertEquals(
        """
        <|im_start|>system
        Be brief.<|im_end|>
        <|im_start|>user
        Hi<|im_end|>
        <|im_start|>assistant
        Hello<|im_end|>
        <|im_start|>user
        Bye <|im_end|>
        <|im_start|>assistant
        """,
        render(template, CHAT, Map.of()));
  }

  /** Header, blank line, trimmed content, end of turn: as Meta documents it. */
  @Test
  void llama3() {
    String template =
        """
        {{- bos_token }}
        {%- if not date_string is defined %}
            {%- if strftime_now is defined %}
                {%- set date_string = strftime_now("%d %b %Y") %}
            {%- else %}
                {%- set date_string = "26 Jul 2024" %}
            {%- endif %}
        {%- endif %}
        {%- if messages[0]['role'] == 'system' %}
            {%- set system_message = messages[0]['content'] | trim %}
            {%- set messages = messages[1:] %}
        {%- else %}
            {%- set system_message = "" %}
        {%- endif %}
        {{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
        {{- "Today Date: " + date_string + "\\n\\n" }}
        {{- system_message }}
        {{- "<|eot_id|>" }}
        {%- for message in messages %}
            {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'
                + message['content'] | trim + '<|eot_id|>' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
        {%- endif %}
        """;

    assertEquals(
        """
        <s><|start_header_id|>system<|end_header_id|>

        Today Date: 01 Jan 2026

        Be brief.<|eot_id|><|start_header_id|>user<|end_header_id|>

        Hi<|eot_id|><|start_header_id|>assistant<|end_header_id|>

        Hello<|eot_id|><|start_header_id|>user<|end_header_id|>

        Bye<|eot_id|><|start_header_id|>assistant<|end_header_id|>

        """,
        render(template, CHAT, Map.of("date_string", "01 Jan 2026")));
  }

  /** Turns between [INST] and [/INST]; roles alternate after the system message. */
  @Test
  void mistral() {
    String template =
        """
        {%- if messages[0]["role"] == "system" %}
            {%- set system_message = messages[0]["content"] %}
            {%- set loop_messages = messages[1:] %}
        {%- else %}
            {%- set loop_messages = messages %}
        {%- endif %}
        {%- set ns = namespace() %}
        {%- set ns.index = 0 %}
        {%- for message in loop_messages %}
            {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
                {{- raise_exception("roles must alternate") }}
            {%- endif %}
            {%- set ns.index = ns.index + 1 %}
        {%- endfor %}
        {{- bos_token }}
        {%- for message in loop_messages %}
            {%- if message["role"] == "user" %}
                {%- if loop.last and system_message is defined %}
                    {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
                {%- else %}
                    {{- "[INST] " + message["content"] + "[/INST]" }}
                {%- endif %}
            {%- else %}
                {{- " " + message["content"] | trim + eos_token }}
            {%- endif %}
        {%- endfor %}
        """;

    assertEquals(
        "<s>[INST] Hi[/INST] Hello</s>[INST] Be brief.\n\nBye [/INST]",
        render(template, CHAT, Map.of()));
    var e =
        assertThrows(
            GoodhartException.class,
            () -> render(template, List.of(Message.assistant("Hello")), Map.of()));
    assertEquals("test: refuses the conversation: roles must alternate", e.getMessage());
  }

  /** ChatML with thoughts, which are kept only after the last question, and tools. */
  @Test
  void qwen3() {
    String template =
        """
        {%- if tools %}
            {{- '<|im_start|>system\\n# Tools\\n<tools>' }}
            {%- for tool in tools %}
                {{- "\\n" }}
                {{- tool | tojson }}
            {%- endfor %}
            {{- "\\n</tools><|im_end|>\\n" }}
        {%- endif %}
        {%- set ns = namespace(searching=true, last=messages|length - 1) %}
        {%- for message in messages[::-1] %}
            {%- set index = (messages|length - 1) - loop.index0 %}
            {%- if ns.searching and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
                {%- set ns.searching = false %}
                {%- set ns.last = index %}
            {%- endif %}
        {%- endfor %}
        {%- for message in messages %}
            {%- set content = message.content if message.content is string else '' %}
            {%- if message.role == "assistant" %}
                {%- set thought = '' %}
                {%- if '</think>' in content %}
                    {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                    {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
                {%- endif %}
                {%- if loop.index0 > ns.last and (loop.last or thought) %}
                    {{- '<|im_start|>assistant\\n<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content }}
                {%- else %}
                    {{- '<|im_start|>assistant\\n' + content }}
                {%- endif %}
                {%- for call in message.tool_calls or [] %}
                    {{- '\\n' if content or not loop.first }}
                    {{- '<tool_call>\\n' + call | tojson + '\\n</tool_call>' }}
                {%- endfor %}
                {{- '<|im_end|>\\n' }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>\\n' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\\n' }}
            {%- if enable_thinking is defined and enable_thinking is false %}
                {{- '<think>\\n\\n</think>\\n\\n' }}
            {%- endif %}
        {%- endif %}
        """;
    ChatTemplate qwen = ChatTemplate.of("test", template, TOKENS);
    List<Message> thought =
        List.of(
            Message.user("1+1?"),
            Message.assistant("<think>\nadd\n</think>\n\n2"),
            Message.user("2+2?"));

    assertEquals(
        """
        <|im_start|>user
        1+1?<|im_end|>
        <|im_start|>assistant
        2<|im_end|>
        <|im_start|>user
        2+2?<|im_end|>
        <|im_start|>assistant
        <think>

        </think>

        """,
        qwen.render(thought, true, Map.of("enable_thinking", false)));
    assertEquals(
        """
        <|im_start|>user
        1+1?<|im_end|>
        <|im_start|>assistant
        <think>
        add
        </think>

        2<|im_end|>
        """,
        qwen.render(thought.subList(0, 2), false, Map.of()));
    assertEquals(
        """
        <|im_start|>system
        # Tools
        <tools>
        {"name": "é"}
        </tools><|im_end|>
        <|im_start|>assistant
        <tool_call>
        {"x": [1, null]}
        </tool_call><|im_end|>
        """,
        qwen.renderTurns(
            List.of(
                Map.of(
                    "role",
                    "assistant",
                    "content",
                    "",
                    "tool_calls",
                    List.of(Map.of("x", java.util.Arrays.asList(1, null))))),
            false,
            Map.of("tools", List.of(Map.of("name", "é")))));
  }

  @Test
  void thePlainFormIsForModelsWithoutATemplate(@TempDir Path folder) {
    Tokenizer bytes = Tokenizers.bytes();
    bytes.save(folder);
    ChatTemplate plain = ChatTemplate.open(folder, bytes);

    assertTrue(plain.isPlain());
    assertEquals(
        "System: Be brief.\n\nUser: Hi\n\nAssistant: Hello<|eos|>\n\nUser: Bye \n\nAssistant:",
        plain.render(CHAT, true, Map.of()));
    // What was asked is the beginning of what was asked and answered.
    String asked = plain.render(CHAT.subList(0, 2), true, Map.of());
    assertTrue(plain.render(CHAT.subList(0, 3), false, Map.of()).startsWith(asked));
  }

  @Test
  void theTemplateOfAPublishedModelPutsItsSeparatorAfterThePrompt() {
    Path folder = TokenizersTest.shared("llama-digits");
    Tokenizer tokenizer = Tokenizers.open(folder);
    ChatTemplate template = ChatTemplate.open(folder, tokenizer);

    assertFalse(template.isPlain());
    assertArrayEquals(
        new int[] {5, 14, 6, 15, 13, 14, 8, 0},
        tokenizer.encode(template.render(List.of(Message.user("1,2:9,4")), true, Map.of())));
    var e = assertThrows(GoodhartException.class, () -> template.render(CHAT, true, Map.of()));
    assertEquals(
        folder + " (chat template): refuses the conversation: System role not supported",
        e.getMessage());
  }

  @Test
  void aFolderMayNameSeveralTemplates(@TempDir Path folder) throws IOException {
    Tokenizer bytes = Tokenizers.bytes();
    config(
        folder,
        "[{\"name\": \"default\", \"template\": \"D\"}, {\"name\": \"rag\", \"template\": \"R\"}]");

    assertEquals("D", ChatTemplate.open(folder, bytes).render(List.of(), false, Map.of()));
    assertEquals("R", ChatTemplate.open(folder, bytes, "rag").render(List.of(), false, Map.of()));
    var e = assertThrows(GoodhartException.class, () -> ChatTemplate.open(folder, bytes, "tools"));
    assertEquals(
        folder + ": has no chat template named tools; it has [default, rag]", e.getMessage());

    Files.writeString(folder.resolve("chat_template.jinja"), "{{ eos_token }}\n");
    assertEquals("<|eos|>", ChatTemplate.open(folder, bytes).render(List.of(), false, Map.of()));
  }

  @Test
  void aBrokenTemplateIsNamed(@TempDir Path folder) throws IOException {
    config(folder, "\"a\\n{% if x %}\"");
    var e =
        assertThrows(GoodhartException.class, () -> ChatTemplate.open(folder, Tokenizers.bytes()));
    assertTrue(
        e.getMessage().startsWith(folder + " (chat template): is no template: line 2: a block is"),
        e.getMessage());

    config(folder, "[1]");
    var list =
        assertThrows(GoodhartException.class, () -> ChatTemplate.open(folder, Tokenizers.bytes()));
    assertTrue(list.getMessage().contains("a list of {name, template}"), list.getMessage());
  }

  private static void config(Path folder, String template) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"chat_template\": " + template + "}");
  }
}
