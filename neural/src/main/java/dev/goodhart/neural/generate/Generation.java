package dev.goodhart.neural.generate;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.generate.Completion.Likely;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.Packed;
import dev.goodhart.neural.text.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Responses as they are written: each token, and each response when it is finished. A row whose
 * response is finished goes to the next sample or prompt at once, so that the batch stays full as
 * long as there are prompts; a prompt is read once and its samples share what was read. New prompts
 * go through the model in the same pass as the next tokens of the others.
 *
 * <p>Nothing runs in between: a call of {@link #next()} computes a step where nothing is ready, on
 * the thread that calls. A step holds its thread for its whole length in native code, so a server
 * with virtual threads calls from a platform thread and hands events over through a queue. Calls
 * from several threads wait for each other. {@link #close()} frees the memory, early or late; the
 * end of the responses does so too.
 */
public final class Generation implements Iterator<Event>, AutoCloseable {
  private final Decoder decoder;
  private final @Nullable Tokenizer tokenizer;
  private final Sampling sampling;
  private final Set<Integer> eos;
  private final Limits limits;
  private final Iterator<PromptTokens> prompts;
  private final KvCache cache;

  /** Row i writes in row i of the cache. */
  private final List<Row> rows = new ArrayList<>();

  private final Deque<Event> ready = new ArrayDeque<>();

  /** The prompt whose samples begin now, and the next of them. */
  private @Nullable PromptTokens current;

  private int sample;
  private boolean closed;

  Generation(
      Decoder decoder,
      @Nullable Tokenizer tokenizer,
      Sampling sampling,
      Set<Integer> eos,
      Limits limits,
      Iterator<PromptTokens> prompts) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.sampling = sampling;
    this.eos = eos;
    this.limits = limits;
    this.prompts = prompts;
    this.cache =
        new KvCache(
            decoder.config(),
            decoder.device(),
            limits.rows(),
            limits.context(),
            limits.cacheBytes());
  }

  @Override
  public synchronized boolean hasNext() {
    while (ready.isEmpty() && !closed) {
      boolean done = false;
      try {
        done = step();
      } finally {
        if (!done) close();
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public synchronized Event next() {
    if (!hasNext()) throw new NoSuchElementException();
    return ready.remove();
  }

  /** Frees the cache. What was ready is still given out; what was being written is lost. */
  @Override
  public synchronized void close() {
    closed = true;
    rows.clear();
    cache.close();
  }

  /** Goes on by one token in each row; false where no row is left. */
  private boolean step() {
    List<Row> begun = admit();
    if (rows.isEmpty() && begun.isEmpty()) return false;
    List<Row> drawing = new ArrayList<>(rows);
    NextToken drawn;
    try (Scope scope = Scope.inference()) {
      drawn = pass(begun, drawing);
    }
    rows.clear();
    rows.addAll(drawing);
    for (int i = 0; i < rows.size(); i++) take(rows.get(i), drawn, i);
    removeFinished();
    return true;
  }

  /**
   * Fills free rows: with samples of a prompt that a row holds already, which begin by reading its
   * last token again, and with prompts that are to be read.
   *
   * @return the first rows of the prompts that are to be read
   */
  private List<Row> admit() {
    List<Row> begun = new ArrayList<>();
    int tokens = 0;
    int reserved = 0;
    while (rows.size() + reserved < limits.rows()) {
      if (current == null) {
        if (!prompts.hasNext()) break;
        current = checked(prompts.next());
        sample = 0;
      }
      PromptTokens prompt = current;
      int donor = donor(prompt);
      if (donor >= 0 && begun.isEmpty()) {
        cache.copy(donor, rows.size(), prompt.tokens().length - 1);
        rows.add(begin(prompt, prompt.tokens().length - 1));
      } else if (begun.isEmpty() || tokens + prompt.tokens().length <= limits.promptTokens()) {
        tokens += prompt.tokens().length;
        int samples = Math.min(sampling.n() - sample, limits.rows() - rows.size() - reserved);
        for (int i = 0; i < samples; i++) begun.add(begin(prompt, 0));
        reserved += samples;
      } else {
        break;
      }
    }
    return begun;
  }

  private Row begin(PromptTokens prompt, int cached) {
    Row row = new Row(prompt, sample++, sampling, tokenizer, cached);
    if (sample == sampling.n()) current = null;
    return row;
  }

  /** A row that still holds the whole prompt, or -1. */
  private int donor(PromptTokens prompt) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).prompt().equals(prompt) && cache.holdsStartOf(rows.get(i).cached())) return i;
    }
    return -1;
  }

  private PromptTokens checked(PromptTokens prompt) {
    int vocabulary = decoder.config().vocabulary();
    for (int id : prompt.tokens()) {
      if (id < 0 || id >= vocabulary) {
        throw new GoodhartException(
            String.format(
                "prompt %d has the token %d, and the model knows 0 to %d; was it written for"
                    + " another tokenizer?",
                prompt.id(), id, vocabulary - 1));
      }
    }
    if (prompt.tokens().length >= limits.context()) {
      throw new GoodhartException(
          String.format(
              "prompt %d has %d tokens, and prompt and response have %d together; shorten it, or"
                  + " allow a longer context (the model goes to %d)",
              prompt.id(),
              prompt.tokens().length,
              limits.context(),
              decoder.config().maxPositions()));
    }
    return prompt;
  }

  /**
   * One pass of the model.
   *
   * @param begun samples of prompts that are to be read, those of one prompt side by side
   * @param drawing the rows that read their next token; those that begin are added
   */
  private NextToken pass(List<Row> begun, List<Row> drawing) {
    int going = drawing.size();
    List<int[]> sequences = new ArrayList<>();
    List<Integer> into = new ArrayList<>();
    List<Integer> reads = new ArrayList<>();
    for (Row row : begun) {
      boolean another = reads.isEmpty() || !row.prompt().equals(drawing.getLast().prompt());
      if (another) {
        sequences.add(row.prompt().tokens());
        into.add(drawing.size());
      }
      reads.add(sequences.size() - 1);
      drawing.add(row);
    }
    Packed packed = sequences.isEmpty() ? null : Packed.of(sequences, decoder);
    int[] cached = drawing.subList(0, going).stream().mapToInt(Row::cached).toArray();
    int[] first = into.stream().mapToInt(i -> i).toArray();
    Tensor ids = longs(drawing.subList(0, going).stream().mapToLong(Row::next));
    Tensor positions = longs(IntStream.of(cached).asLongStream());
    Tensor hidden =
        decoder.hidden(
            packed == null ? ids : Ops.cat(0, List.of(ids, packed.ids())),
            packed == null ? positions : Ops.cat(0, List.of(positions, packed.positions())),
            limits.context(),
            cache.pass(cached, packed, first));
    if (packed != null) hidden = Ops.rows(hidden, ends(going, packed));
    Tensor logits = decoder.logits(hidden);
    if (begun.size() > sequences.size()) {
      // Samples of one prompt draw from the same row.
      LongStream own = LongStream.range(0, going);
      LongStream shared = reads.stream().mapToLong(i -> going + i);
      logits = Ops.rows(logits, longs(LongStream.concat(own, shared)));
    }
    for (int i = 0; i < going; i++) drawing.get(i).read(1);
    for (int i = 0; i < begun.size(); i++) {
      int length = begun.get(i).prompt().tokens().length;
      begun.get(i).read(length);
      int source = first[reads.get(i)];
      if (source != going + i) cache.copy(source, going + i, length);
    }
    double[] uniforms =
        drawing.stream().mapToDouble(row -> sampling.isGreedy() ? 0 : row.uniform()).toArray();
    Tensor seen = sampling.repetitionPenalty() == 1 ? null : seen(drawing, logits.size(1));
    return NextToken.draw(logits, seen, sampling, uniforms);
  }

  /** The tokens behind which a row draws: each of those that go on, and the last of each prompt. */
  private Tensor ends(int going, Packed packed) {
    return longs(
        LongStream.concat(
            LongStream.range(0, going), LongStream.of(packed.last()).map(at -> going + at)));
  }

  private Tensor seen(List<Row> drawing, long vocabulary) {
    LongStream.Builder at = LongStream.builder();
    for (int i = 0; i < drawing.size(); i++) {
      for (int id : drawing.get(i).seen()) at.add(i * vocabulary + id);
    }
    try (Scalar yes = new Scalar(1.0)) {
      return decoder
          .device()
          .zeros(ScalarType.Bool, drawing.size() * vocabulary)
          .index_fill_(0, longs(at.build()), yes)
          .view(drawing.size(), vocabulary);
    }
  }

  private Tensor longs(LongStream values) {
    return decoder.device().longs(values.toArray());
  }

  private void take(Row row, NextToken drawn, int i) {
    double logProb = drawn.logProbs()[i];
    if (Double.isNaN(logProb)) {
      throw new GoodhartException(
          "prompt "
              + row.prompt().id()
              + ": the model's scores of the next token are not finite; its weights are damaged,"
              + " or too large for the type that they are computed in");
    }
    int asked = drawn.topIds().length / drawn.ids().length;
    List<Likely> likely = new ArrayList<>();
    for (int j = i * asked; j < (i + 1) * asked; j++) {
      likely.add(new Likely((int) drawn.topIds()[j], drawn.topLogProbs()[j]));
    }
    int id = (int) drawn.ids()[i];
    double sampled = drawn.sampledLogProbs()[i];
    ready.add(row.add(id, logProb, sampled, likely, sampling, eos, limits.context()));
    if (row.isFinished()) ready.add(row.completion());
  }

  /**
   * A finished row goes to the next sample of its prompt where one is to begin, as the prompt lies
   * there already. Other rows are closed up: the last one moves into the gap.
   */
  private void removeFinished() {
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (row.isFinished() && row.prompt().equals(current) && cache.holdsStartOf(row.cached())) {
        rows.set(i, begin(row.prompt(), row.prompt().tokens().length - 1));
      }
    }
    for (int i = rows.size() - 1; i >= 0; i--) {
      if (!rows.get(i).isFinished()) continue;
      Row last = rows.removeLast();
      if (i < rows.size()) {
        cache.copy(rows.size(), i, last.cached());
        rows.set(i, last);
      }
    }
  }
}
