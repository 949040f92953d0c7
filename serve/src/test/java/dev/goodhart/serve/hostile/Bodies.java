package dev.goodhart.serve.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that are right for some path, and then made wrong: in one value, or in their text. */
final class Bodies {
  static final String REWARDS = "POST /v1/rewards";

  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String CHAT =
      "\"<|im_start|>user\\n1 + 1?<|im_end|>\\n<|im_start|>assistant\\n2\"";

  /** One or more right bodies of every path that takes one. */
  static final List<Map.Entry<String, String>> RIGHT =
      List.of(
          Map.entry(
              REWARDS,
              "{\"run\":\"r7\",\"step\":12,\"samples\":[{\"id\":\"a\",\"prompt\":\"1 +"
                  + " 1?\",\"response\":\"2\","
                  + "\"reference\":\"2\",\"group\":\"g\",\"log_probs\":[-0.1,-2.5]},"
                  + "{\"prompt\":[{\"role\":\"user\",\"content\":\"x\"}],\"response\":\"y\",\"more\":{\"a\":[1,null,true]}}]}"),
          Map.entry(
              "POST /get_reward",
              "{\"query\":[\"1 + 1? 2\"],\"prompts\":[\"1 + 1? \"],\"labels\":[\"2\"]}"),
          Map.entry("POST /get_reward", "{\"query\":[\"a\",\"b\",\"c\"]}"),
          Map.entry("POST /slime", "{\"prompt\":\"1 + 1?\",\"response\":\"2\",\"label\":\"2\"}"),
          Map.entry(
              "POST /slime/number",
              "{\"prompt\":[{\"role\":\"user\",\"content\":\"q\"}],\"response\":\"2\",\"label\":null}"),
          Map.entry(
              "POST /v1/score/evaluation",
              "{\"model\":\"m\",\"messages\":[" + CHAT + "],\"max_length\":null}"),
          Map.entry(
              "POST /classify",
              "{\"model\":\"m\",\"input\":[" + CHAT + "],\"use_activation\":false}"),
          Map.entry(
              "POST /classify",
              "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"q\"}]},{\"role\":\"assistant\",\"content\":\"2\"}]}"),
          Map.entry("PUT /classify", "{\"text\":[" + CHAT + "]}"),
          Map.entry("POST /v1/classify", "{\"input\":" + CHAT + "}"),
          Map.entry("POST /v1/embeddings", "{\"model\":\"m\",\"input\":" + CHAT + "}"),
          Map.entry("POST /score", "{\"text_1\":\"1 + 1?\",\"text_2\":[\"2\",\"3\"]}"),
          Map.entry("POST /v1/score", "{\"query\":\"1 + 1?\",\"items\":[\"2\",\"3\"]}"),
          Map.entry(
              "POST /rerank", "{\"query\":\"1 + 1?\",\"documents\":[\"3\",\"2\"],\"top_n\":1}"),
          Map.entry(
              "POST /rerank",
              "{\"query\":\"1 +"
                  + " 1?\",\"texts\":[\"3\",\"2\"],\"raw_scores\":true,\"return_text\":false}"),
          Map.entry(
              "POST /v1/rerank", "{\"query\":\"1 + 1?\",\"documents\":[\"3\"],\"instruct\":\"\"}"),
          Map.entry("POST /v2/rerank", "{\"query\":\"1 + 1?\",\"documents\":[\"3\",\"2\"]}"),
          Map.entry("POST /pooling", "{\"input\":\"2\",\"encoding_format\":\"base64\"}"),
          Map.entry("POST /tokenize", "{\"model\":\"m\",\"prompt\":\"2\"}"),
          Map.entry(
              "POST /predict",
              "{\"inputs\":[[\"1 + 1?\",\"2\"],[\"x\"]],\"raw_scores\":true,\"truncate\":false}"),
          Map.entry("POST /", "{\"inputs\":\"x\"}"),
          Map.entry("POST /invocations", "{\"inputs\":[\"a\",\"b\"]}"),
          Map.entry("POST /seed_session", "{\"a\":1}"),
          Map.entry(
              "POST /verify",
              "{\"responses_create_params\":{\"input\":[{\"role\":\"user\",\"content\":\"1 +"
                  + " 1?\"}]},\"expected_answer\":\"2\","
                  + "\"response\":{\"output\":[{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"2\"}]}]}}"),
          Map.entry(
              "POST /aggregate_metrics",
              "{\"verify_responses\":[{\"reward\":1.0,\"_ng_task_index\":0},{\"reward\":0.5,\"_ng_task_index\":0}]}"),
          Map.entry(
              "POST /evaluate",
              "{\"messages\":[{\"role\":\"user\",\"content\":\"1 +"
                  + " 1?\"},{\"role\":\"assistant\",\"content\":\"2\"}],\"ground_truth\":\"2\",\"kwargs\":{\"level\":1}}"),
          Map.entry(
              "POST /reward",
              "{\"messages\":[{\"role\":\"assistant\",\"content\":\"2\"}],\"ground_truth\":\"2\"}"));

  /** They start processes, so there are few of them. */
  static final List<Map.Entry<String, String>> PROGRAMS =
      List.of(
          Map.entry(
              "POST /test_program",
              "{\"program\":\"x = 1\",\"tests\":[\"assert x == 1\"],\"max_execution_time\":1.0}"),
          Map.entry(
              "POST /test_program_stdio",
              "{\"program\":\"print(2)\",\"tests\":[{\"input\":\"1\\n\",\"output\":\"2\\n\"}]}"),
          Map.entry(
              "POST /run_code",
              "{\"code\":\"print(1)\",\"language\":\"python\",\"stdin\":null,\"run_timeout\":1,\"files\":{\"a.txt\":\"aGk=\"},\"fetch_files\":[\"a.txt\"]}"));

  private final SplittableRandom random;

  Bodies(SplittableRandom random) {
    this.random = random;
  }

  /** Whether it is JSON, with each name once. */
  static boolean isJson(byte[] body) {
    try {
      STRICT.readValue(body, Object.class);
      return true;
    } catch (JacksonException e) {
      return e instanceof tools.jackson.core.exc.StreamConstraintsException;
    }
  }

  byte[] mutated(String right) {
    String text = right;
    if (random.nextInt(100) < 65) {
      Object body = JSON.readValue(right, Object.class);
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        body = changed(body, random.nextInt(8));
      }
      text = JSON.writeValueAsString(body);
    }
    return random.nextInt(100) < 45 ? spoiled(text) : text.getBytes(StandardCharsets.UTF_8);
  }

  /** Walks down to some value and replaces it, removes it or doubles it. */
  private Object changed(Object value, int depth) {
    if (depth > 0 && value instanceof Map<?, ?> map && !map.isEmpty()) {
      Map<String, Object> changed = new LinkedHashMap<>();
      int at = random.nextInt(map.size());
      int i = 0;
      for (var entry : map.entrySet()) {
        if (i++ != at) {
          changed.put((String) entry.getKey(), entry.getValue());
          continue;
        }
        switch (random.nextInt(8)) {
          case 0 -> {} // left out
          case 1 -> changed.put(entry.getKey() + "x", entry.getValue());
          case 2 -> {
            changed.put((String) entry.getKey(), entry.getValue());
            changed.put(string(), hostile());
          }
          default -> changed.put((String) entry.getKey(), changed(entry.getValue(), depth - 1));
        }
      }
      return changed;
    }
    if (depth > 0 && value instanceof List<?> list && !list.isEmpty()) {
      List<Object> changed = new ArrayList<>(list);
      int at = random.nextInt(list.size());
      switch (random.nextInt(8)) {
        case 0 -> changed.remove(at);
        case 1 -> changed.addAll(at, list);
        case 2 -> {
          for (int i = 0; i < 300; i++) changed.add(list.get(at));
        }
        default -> changed.set(at, changed(list.get(at), depth - 1));
      }
      return changed;
    }
    return hostile();
  }

  private Object hostile() {
    return switch (random.nextInt(22)) {
      case 0 -> NULL;
      case 1 -> true;
      case 2 -> -1;
      case 3 -> 0;
      case 4 -> 1e308;
      case 5 -> -1e-320;
      case 6 -> new java.math.BigInteger("9".repeat(1 + random.nextInt(400)));
      case 7 -> Long.MIN_VALUE;
      case 8 -> 0.5;
      case 9 -> List.of();
      case 10 -> Map.of();
      case 11 -> List.of(List.of(List.of()));
      case 12 -> List.of("a", 1, NULL, Map.of("role", "user"));
      case 13 -> Map.of("role", 1, "content", List.of());
      case 14 -> nested(1 + random.nextInt(90));
      case 15 -> Map.of("", "");
      default -> string();
    };
  }

  /** Written as null; the collections here take none. */
  private static final Object NULL = JSON.nullNode();

  private String string() {
    return switch (random.nextInt(12)) {
      case 0 -> "";
      case 1 -> "\0";
      case 2 -> "\ud83d";
      case 3 -> "x\udc00y";
      case 4 -> "🙂".repeat(1 + random.nextInt(50));
      case 5 -> "x".repeat(1 + random.nextInt(20_000));
      case 6 -> "../../../etc/passwd";
      case 7 -> "<|im_start|>".repeat(1 + random.nextInt(20));
      case 8 -> "<|im_end|>assistant\n[/INST]</s>";
      case 9 -> "%s%n{}$" + "(id)`id`'\"\\";
      case 10 -> "NaN";
      default -> Integer.toString(random.nextInt());
    };
  }

  private static Object nested(int depth) {
    Object value = "x";
    for (int i = 0; i < depth; i++) value = i % 2 == 0 ? List.of(value) : Map.of("a", value);
    return value;
  }

  /** Wrong as text, most of the time. */
  private byte[] spoiled(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return switch (random.nextInt(18)) {
      case 0 -> java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> flipped(bytes);
      case 2 -> inserted(bytes, new byte[] {(byte) 0xc3, (byte) 0x28});
      case 3 -> inserted(bytes, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
      case 4 -> inserted(bytes, new byte[] {(byte) 0xf8, 0, (byte) 0xff});
      case 5 -> twice(text).getBytes(StandardCharsets.UTF_8);
      case 6 -> "[".repeat(1 + random.nextInt(50_000)).getBytes(StandardCharsets.UTF_8);
      case 7 -> "{\"a\":".repeat(1 + random.nextInt(20_000)).getBytes(StandardCharsets.UTF_8);
      case 8 ->
          text.replaceFirst("\"[^\"]*\"(?=[,}\\]])", "1" + "0".repeat(random.nextInt(20_000)))
              .getBytes(StandardCharsets.UTF_8);
      case 9 ->
          text.replaceFirst("\"[^\"]*\"(?=[,}\\]])", "1e" + random.nextInt(2_000_000_000))
              .getBytes(StandardCharsets.UTF_8);
      case 10 -> text.replaceFirst("\"[^\"]*\"(?=[,}\\]])", "NaN").getBytes(StandardCharsets.UTF_8);
      case 11 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
      case 12 -> text.getBytes(Charset.forName(random.nextBoolean() ? "UTF-16" : "UTF-32"));
      case 13 -> (text + text).getBytes(StandardCharsets.UTF_8);
      case 14 -> text.replace('"', '\'').getBytes(StandardCharsets.UTF_8);
      case 15 ->
          (" ".repeat(random.nextInt(50_000)) + text + "\n\n").getBytes(StandardCharsets.UTF_8);
      case 16 -> new byte[random.nextInt(3)];
      default -> random(random.nextInt(2000));
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
    }
    return flipped;
  }

  private byte[] inserted(byte[] bytes, byte[] others) {
    int at = random.nextInt(bytes.length);
    var all = new ByteArrayOutputStream();
    all.write(bytes, 0, at);
    all.writeBytes(others);
    all.write(bytes, at, bytes.length - at);
    return all.toByteArray();
  }

  /** The first name of the body a second time. */
  private static String twice(String text) {
    int colon = text.indexOf(':');
    return colon < 0 || !text.startsWith("{")
        ? text
        : "{" + text.substring(1, colon) + ":null," + text.substring(1);
  }

  byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
