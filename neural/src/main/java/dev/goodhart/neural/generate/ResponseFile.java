package dev.goodhart.neural.generate;

import dev.goodhart.Message;
import dev.goodhart.Prompt;
import dev.goodhart.run.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * Responses to many prompts as JSONL, one object a response, in the order of the prompts and their
 * samples: {@code {"id", "prompt", "response", "sample", "finish", "tokens", "log_prob"}}. Prompts
 * are read as they are needed; a response that is finished before an earlier one waits for it.
 */
public final class ResponseFile {
  private static final JsonMapper JSON = new JsonMapper();

  private final OutputStream out;
  private final int samples;

  /** What was asked and not written yet, by the prompt's number. */
  private final Map<Long, Asked> asked = new HashMap<>();

  private final Map<Long, List<Completion>> waiting = new HashMap<>();
  private long next;

  /** A prompt with the name that its responses shall have. */
  public record Asked(String id, Prompt prompt) {}

  private ResponseFile(OutputStream out, int samples) {
    this.out = out;
    this.samples = samples;
  }

  /**
   * @param total how many responses there will be; -1 where nobody knows
   * @return how many there were
   * @throws IOException if they cannot be written
   */
  public static long write(
      Generator generator,
      ChatPrompts chat,
      Iterator<Asked> prompts,
      Sampling sampling,
      OutputStream out,
      long total,
      Progress progress)
      throws IOException {
    ResponseFile file = new ResponseFile(out, sampling.n());
    progress.start("generating, responses", total);
    long count = 0;
    try (Generation run = generator.start(file.numbered(prompts, chat), sampling)) {
      while (run.hasNext()) {
        if (run.next() instanceof Completion completion) {
          file.add(completion);
          progress.advance(1);
          count++;
        }
      }
    } finally {
      progress.done();
    }
    return count;
  }

  private Iterator<PromptTokens> numbered(Iterator<Asked> prompts, ChatPrompts chat) {
    return new Iterator<>() {
      private long number;

      @Override
      public boolean hasNext() {
        return prompts.hasNext();
      }

      @Override
      public PromptTokens next() {
        Asked one = prompts.next();
        asked.put(number, one);
        return chat.of(number++, one.prompt());
      }
    };
  }

  private void add(Completion completion) throws IOException {
    waiting.computeIfAbsent(completion.prompt(), id -> new ArrayList<>()).add(completion);
    boolean written = false;
    for (List<Completion> all; ; next++) {
      all = waiting.get(next);
      if (all == null || all.size() < samples) break;
      Asked one = Objects.requireNonNull(asked.remove(next));
      all.sort((a, b) -> a.sample() - b.sample());
      for (Completion each : all) write(one, each);
      waiting.remove(next);
      written = true;
    }
    if (written) out.flush();
  }

  private void write(Asked one, Completion completion) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", samples == 1 ? one.id() : one.id() + "/" + completion.sample());
    line.put("prompt", columns(one.prompt()));
    line.put("response", completion.text());
    line.put("sample", completion.sample());
    line.put("finish", completion.finish().name().toLowerCase(Locale.ROOT));
    line.put("tokens", completion.tokens().length);
    // The digits behind differ with the batch.
    line.put("log_prob", Math.round(1e4 * Arrays.stream(completion.logProbs()).sum()) / 1e4);
    out.write((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A text where the prompt is one, else its turns. */
  private static Object columns(Prompt prompt) {
    List<Message> turns = prompt.messages();
    if (turns.isEmpty()) return "";
    if (turns.size() == 1 && turns.getFirst().role().equals("user")) return prompt.text();
    return turns.stream().map(m -> Map.of("role", m.role(), "content", m.content())).toList();
  }
}
