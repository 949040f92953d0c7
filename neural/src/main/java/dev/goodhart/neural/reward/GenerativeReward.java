package dev.goodhart.neural.reward;

import static dev.goodhart.neural.engine.Ops.logSoftmax;
import static dev.goodhart.neural.engine.Ops.logSumExp;
import static dev.goodhart.neural.engine.Ops.rows;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.EngineThread;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.model.Packed;
import dev.goodhart.neural.text.ChatTemplate;
import dev.goodhart.neural.text.Disarmed;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Progress;
import dev.goodhart.signal.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Rewards a response with the probability that a language model on this machine answers yes to a
 * question about it, from its next-token logits: no text is sampled.
 *
 * <pre>{@code reward = P(yes) / (P(yes) + P(no))}</pre>
 *
 * <p>with P(yes) the mass of all first tokens of the words for yes, with and without a space before
 * them. The parts {@code yes} and {@code no} are the two masses. Unscored when the two together
 * hold less than {@code mass}: then the model was about to say something else. The same question to
 * a model behind a server is {@code yes-probability}.
 *
 * @param path a causal language model in the Hugging Face layout
 * @param question with yes or no for an answer
 * @param yes the words that count as yes
 * @param no the words that count as no; none may begin with the same token as one for yes
 * @param mass what yes and no must have together, at least, in [0, 1]
 * @param device {@code cpu}, {@code cuda}, {@code cuda:1}, or {@code auto}
 */
@Method
public record GenerativeReward(
    Path path,
    @Default("Is the response correct, complete and helpful?") String question,
    @Default("[Yes, yes]") List<String> yes,
    @Default("[No, no]") List<String> no,
    @Default("0.5") double mass,
    @Default("auto") String device)
    implements Signal {
  public GenerativeReward {
    if (yes.isEmpty() || no.isEmpty()) {
      throw new IllegalArgumentException((yes.isEmpty() ? "yes" : "no") + ": no word is given");
    }
    if (!(mass >= 0 && mass <= 1)) {
      throw new IllegalArgumentException("mass must lie in [0, 1], not " + mass);
    }
    yes = List.copyOf(yes);
    no = List.copyOf(no);
  }

  @Override
  public Reward of(Sample sample) {
    throw new IllegalStateException("a generative reward scores after open()");
  }

  /** Loads the model. */
  @Override
  public Signal open() {
    Decoder decoder = HfFolder.read(path, Device.of(device), Progress.NONE);
    Tokenizer tokenizer = Tokenizers.open(path);
    long[] forYes = firstTokens(tokenizer, yes);
    long[] forNo = firstTokens(tokenizer, no);
    for (long id : forYes) {
      if (Arrays.binarySearch(forNo, id) >= 0) {
        throw new GoodhartException(
            path
                + ": '"
                + tokenizer.token((int) id)
                + "' begins a word for yes and one for no; choose words that differ in their"
                + " first token");
      }
    }
    return new Open(
        this,
        decoder,
        tokenizer,
        ChatTemplate.open(path, tokenizer),
        Disarmed.of(tokenizer),
        forYes,
        forNo);
  }

  private static long[] firstTokens(Tokenizer tokenizer, List<String> words) {
    TreeSet<Long> ids = new TreeSet<>();
    for (String word : words) {
      int[] plain = tokenizer.encode(word);
      if (plain.length > 0) ids.add((long) plain[0]);
      int[] spaced = tokenizer.encode(" " + word);
      // Where a space is a token of its own, it is not the word's.
      if (spaced.length > 0 && !tokenizer.decode(new int[] {spaced[0]}).isBlank()) {
        ids.add((long) spaced[0]);
      }
    }
    return ids.stream().mapToLong(Long::longValue).toArray();
  }

  private record Open(
      GenerativeReward asked,
      Decoder decoder,
      Tokenizer tokenizer,
      ChatTemplate template,
      Disarmed disarmed,
      long[] yes,
      long[] no)
      implements Signal {
    @Override
    public Reward of(Sample sample) {
      return of(List.of(sample)).getFirst();
    }

    @Override
    public List<Reward> of(List<Sample> batch) {
      List<int[]> ids = new ArrayList<>();
      for (Sample sample : batch) {
        String text =
            "The task:\n"
                + sample.prompt().text()
                + "\n\nThe response:\n"
                + sample.response()
                + "\n\n"
                + asked.question
                + " Answer Yes or No.";
        String plain = disarmed.of(text);
        ids.add(tokenizer.encode(template.render(List.of(Message.user(plain)), true, Map.of())));
      }
      return EngineThread.call(() -> score(ids));
    }

    private List<Reward> score(List<int[]> ids) {
      Reward[] rewards = new Reward[ids.size()];
      int longest = decoder.config().maxPositions();
      for (int i = 0; i < rewards.length; i++) {
        if (ids.get(i).length > longest) {
          rewards[i] =
              new Unscored(
                  "too long: %,d tokens, and the model reads %,d"
                      .formatted(ids.get(i).length, longest));
        }
      }
      int[] fitting = IntStream.range(0, rewards.length).filter(i -> rewards[i] == null).toArray();
      int[] lengths = Arrays.stream(fitting).map(i -> ids.get(i).length).toArray();
      for (int[] pass : Packed.passes(lengths, RewardNet.PASS)) {
        int[] some = Arrays.stream(pass).map(i -> fitting[i]).toArray();
        double[][] masses = masses(Arrays.stream(some).mapToObj(ids::get).toList());
        for (int k = 0; k < some.length; k++) {
          rewards[some[k]] = reward(masses[0][k], masses[1][k]);
        }
      }
      return List.of(rewards);
    }

    /** Of yes and of no, for each sequence. */
    private double[][] masses(List<int[]> ids) {
      try (Scope ignored = Scope.inference()) {
        Packed packed = Packed.of(ids, decoder);
        Device device = decoder.device();
        Tensor last = rows(decoder.hidden(packed), device.longs(packed.last()));
        Tensor next = logSoftmax(decoder.logits(last), -1);
        Tensor forYes = logSumExp(next.index_select(1, device.longs(yes)), 1).exp();
        Tensor forNo = logSumExp(next.index_select(1, device.longs(no)), 1).exp();
        return new double[][] {Ops.doubles(forYes), Ops.doubles(forNo)};
      }
    }

    private Reward reward(double yes, double no) {
      Map<String, Reward> parts = new LinkedHashMap<>();
      if (!Double.isFinite(yes) || !Double.isFinite(no) || !(yes + no > 0)) {
        return new Unscored("the model gave yes %s and no %s".formatted(yes, no));
      }
      parts.put("yes", new Scored(yes));
      parts.put("no", new Scored(no));
      if (yes + no < asked.mass) {
        return new Unscored(
            "no verdict: yes and no have %.3f of the probability".formatted(yes + no), parts);
      }
      return new Scored(yes / (yes + no), OptionalDouble.empty(), parts, Scale.PROBABILITY);
    }
  }
}
