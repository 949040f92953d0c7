package dev.goodhart.neural.align;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.run.Seeds;
import dev.goodhart.transform.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The roll-outs of a step: prompts chosen by the {@link dev.goodhart.explore.Explore}, responses
 * drawn and scored, in as many rounds as it asks for.
 */
final class Rolling {
  private final AlignSpec spec;
  private final Drawing drawing;
  private final Drawing reference;
  private final Scoring scoring;
  private final PromptOrder order;
  private final Histories histories = new Histories();
  private final Seeds seeds;
  private final int references;
  private long cursor;

  Rolling(
      AlignSpec spec, Policy policy, Policy reference, Scoring scoring, Tasks tasks, Seeds seeds) {
    this.spec = spec;
    this.drawing = new Drawing(policy);
    this.reference = new Drawing(reference);
    this.scoring = scoring;
    this.order = new PromptOrder(tasks, seeds);
    this.seeds = seeds;
    this.references =
        spec.reward().transform().values().stream()
            .flatMap(Collection::stream)
            .mapToInt(Transform::references)
            .max()
            .orElse(0);
  }

  /** How many prompts the run has been through. */
  long cursor() {
    return cursor;
  }

  /** Goes on behind so many prompts. */
  void cursor(long place) {
    cursor = place;
  }

  /** What was seen of some responses. */
  void remember(List<Sample> answered, List<? extends Reward> rewards) {
    for (int i = 0; i < rewards.size(); i++) {
      String id = answered.get(i).id();
      histories.add(id.substring(0, id.lastIndexOf('/')), rewards.get(i));
    }
    scoring.after(rewards);
  }

  /**
   * @param number of the step, from 1
   */
  Batch step(long number) {
    RollOut rollOut = spec.rollOut();
    Batch batch = Batch.empty();
    int kept = 0;
    int missing = rollOut.prompts();
    for (int round = 0; missing > 0; round++) {
      int candidates = spec.explore().candidates(missing);
      List<Sample> offered = order.from(cursor, candidates);
      cursor += candidates;
      int[] counts =
          spec.explore()
              .allocate(
                  offered.stream().map(histories::of).toList(),
                  Math.multiplyExact(missing, rollOut.responses()),
                  seeds.of("align/explore/" + round, number));
      kept += round(number, round, offered, counts, batch);
      missing = spec.explore().refill(kept, rollOut.prompts(), round + 1);
    }
    return batch;
  }

  /** One round; how many of its groups are to be learned from. */
  private int round(long number, int round, List<Sample> offered, int[] counts, Batch batch) {
    long seed = seeds.of("align/roll-out/" + round, number).nextLong();
    int most = spec.rollOut().maxTokens(number);
    List<Sample> prompts = withReferences(offered, counts, most, seed);
    double temperature = spec.rollOut().temperature();
    int from = batch.prompts().size();
    Scoring.Step scores = scoring.step(number - 1);
    List<Drawn> drawn =
        drawing.draw(prompts, counts, most, temperature, seed, d -> scores.add(d.sample()));
    batch.prompts().addAll(prompts);
    batch.rewards().addAll(scores.rewards(drawn.stream().map(Drawn::sample).toList()));
    drawn.forEach(d -> batch.drawn().add(d.behind(from)));
    if (spec.rewarded() && spec.credit().greedy())
      batch.greedy().addAll(greedy(number, prompts, counts));
    int kept = 0;
    for (int p = from; p < batch.prompts().size(); p++) {
      boolean keeps = counts[p - from] > 0 && spec.explore().keeps(batch.group(p));
      batch.kept().add(keeps);
      kept += keeps ? 1 : 0;
    }
    return kept;
  }

  private List<@Nullable Reward> greedy(long number, List<Sample> prompts, int[] counts) {
    int[] one = Arrays.stream(counts).map(c -> Math.min(c, 1)).toArray();
    Scoring.Step scores = scoring.step(number - 1);
    int most = spec.rollOut().maxTokens(number);
    List<Drawn> drawn = drawing.draw(prompts, one, most, 0, 0, d -> scores.add(d.sample()));
    List<Reward> rewards = scores.rewards(drawn.stream().map(Drawn::sample).toList());
    List<@Nullable Reward> greedy = new ArrayList<>();
    for (int p = 0; p < prompts.size(); p++) greedy.add(null);
    for (int i = 0; i < rewards.size(); i++) greedy.set(drawn.get(i).prompt(), rewards.get(i));
    return greedy;
  }

  /**
   * The prompts with responses of the reference policy in the column {@code references}, where a
   * transform of the reward compares with them.
   */
  private List<Sample> withReferences(
      List<Sample> prompts, int[] counts, int maxTokens, long seed) {
    if (references == 0) return prompts;
    int[] each = Arrays.stream(counts).map(c -> c > 0 ? references : 0).toArray();
    List<List<String>> texts = new ArrayList<>();
    for (int p = 0; p < prompts.size(); p++) texts.add(new ArrayList<>());
    reference
        .draw(prompts, each, maxTokens, spec.rollOut().temperature(), ~seed, d -> {})
        .forEach(d -> texts.get(d.prompt()).add(d.sample().response()));
    List<Sample> with = new ArrayList<>();
    for (int p = 0; p < prompts.size(); p++) {
      Sample asked = prompts.get(p);
      var columns = new LinkedHashMap<>(asked.columns());
      columns.put("references", texts.get(p));
      with.add(new Sample(asked.id(), asked.prompt(), "", asked.reference(), columns));
    }
    return with;
  }

  /** Responses to held-out prompts with what they earn: one each. */
  Batch evaluation(List<Sample> prompts, long step) {
    int[] one = new int[prompts.size()];
    Arrays.fill(one, 1);
    long seed = seeds.of("align/evaluation", step).nextLong();
    int most = spec.rollOut().maxTokens();
    List<Sample> asked = withReferences(prompts, one, most, seed);
    Scoring.Step scores = scoring.step(Math.max(0, step - 1));
    List<Drawn> drawn =
        drawing.draw(
            asked, one, most, spec.evaluate().temperature(), seed, d -> scores.add(d.sample()));
    List<Reward> rewards = scores.rewards(drawn.stream().map(Drawn::sample).toList());
    return new Batch(asked, drawn, rewards, List.of(), List.of());
  }
}
