package dev.goodhart.neural.align;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.neural.align.World.Split;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.train.Learner;
import dev.goodhart.neural.train.Parameters;
import dev.goodhart.neural.train.Schedule;
import dev.goodhart.run.Progress;
import dev.goodhart.spec.Scorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What a run starts from, which is also its reference: read, or made once and kept. */
record Starting(
    AlignSpec spec, Path folder, Tasks tasks, Device device, Progress progress, Scorer scorer) {
  static final String FOLDER = "start";

  /**
   * @param policy the model that the spec names
   */
  Policy of(Policy policy, boolean resume) {
    if (spec.start().isEmpty()) return policy;
    Path kept = folder.resolve(FOLDER);
    if (resume && HfFolder.is(kept)) {
      return policy.with(HfFolder.read(kept, device, progress));
    }
    Policy tuned = policy.with(tuned(policy, spec.start().get()));
    HfFolder.write(kept, tuned.decoder());
    return tuned;
  }

  private Decoder tuned(Policy policy, WarmStart start) {
    progress.start("fine-tuning on demonstrations, step", start.steps());
    try (Parameters parameters = Parameters.of(policy.decoder())) {
      Decoder decoder = parameters.decoder(policy.decoder());
      Policy learning = policy.with(decoder);
      Update update = spec.update();
      try (Learner<Episode> learner =
          new Learner<>(
              parameters,
              new ImitationTask(decoder),
              update.optimiser(),
              update.tokensPerPass(),
              1)) {
        Schedule schedule = new Schedule(start.rate(), 0.05, 0.1);
        for (int step = 0; step < start.steps(); step++) {
          Learner.Outcome outcome =
              learner.step(
                  demonstrations(policy, (long) step * start.batch(), start.batch()),
                  schedule.rate(step, start.steps()));
          progress.note("loss %.3f".formatted(outcome.loss()));
          progress.advance(1);
          boolean look = start.until().isPresent() && (step + 1) % start.every() == 0;
          if (look && reward(learning, step) >= start.until().getAsDouble()) break;
        }
      }
      return copied(decoder);
    } finally {
      progress.done();
    }
  }

  private List<Episode> demonstrations(Policy policy, long from, int count) {
    List<Episode> episodes = new ArrayList<>();
    for (long i = from; i < from + count; i++) {
      Sample sample =
          tasks
              .demonstration(i)
              .orElseThrow(
                  () ->
                      new GoodhartException(
                          "start: this world has no demonstrations; leave 'start' out and begin"
                              + " with a model that can do the task"));
      int[] response = policy.tokenizer().encode(sample.response());
      int[] tokens = Arrays.copyOf(response, response.length + 1);
      tokens[response.length] = policy.eos().getFirst();
      int[] prompt = policy.prompts().of(0, sample.prompt()).tokens();
      episodes.add(Episode.drawn(prompt, tokens, new double[0]));
    }
    return episodes;
  }

  /** The mean reward of sampled responses to held-out prompts. */
  private double reward(Policy policy, int step) {
    int prompts = (int) Math.min(tasks.size(Split.TEST), spec.evaluate().prompts());
    List<Sample> asked = new ArrayList<>();
    for (int i = 0; i < prompts; i++) asked.add(tasks.prompt(Split.TEST, i));
    int[] each = new int[prompts];
    Arrays.fill(each, 4);
    List<Drawn> drawn =
        new Drawing(policy)
            .draw(
                asked,
                each,
                spec.rollOut().maxTokens(),
                spec.rollOut().temperature(),
                step,
                d -> {});
    double sum = 0;
    int scored = 0;
    for (Reward reward : scorer.score(drawn.stream().map(Drawn::sample).toList())) {
      if (reward instanceof Scored one) {
        sum += one.value();
        scored++;
      }
    }
    return scored == 0 ? Double.NEGATIVE_INFINITY : sum / scored;
  }

  /** The same weights, no longer those that a training changes. */
  private static Decoder copied(Decoder decoder) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    decoder
        .weights()
        .forEach((name, tensor) -> weights.put(name, Scope.outside(() -> tensor.detach().clone())));
    return new Decoder(decoder.config(), weights);
  }
}
