package dev.goodhart.neural.align.offline;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.data.Cursor;
import dev.goodhart.data.Dataset;
import dev.goodhart.neural.align.BaseModel;
import dev.goodhart.neural.align.World;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.train.Recipe;
import dev.goodhart.objective.Objective;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.spec.Specs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;

/**
 * A run on preferences that are there, in one file.
 *
 * <pre>{@code
 * model:       { folder: models/base }
 * preferences: pairs.jsonl.gz
 * objective:   { dpo: { beta: 0.1 } }
 * recipe:      { schedule: { peak: 1e-5 } }
 * }</pre>
 *
 * @param model what the policy starts from, a folder
 * @param preferences a file of pairs
 * @param heldOut other pairs, to choose the best state by; where it is left out, a share of the
 *     prompts is
 * @param holdout that share, in [0, 1)
 * @param objective one that learns from preferences
 * @param recipe of the training; by default two epochs at 1e-5
 * @param maxLength of prompt and response in tokens
 * @param seed of order and split
 */
public record PreferenceSpec(
    BaseModel model,
    Path preferences,
    Optional<Path> heldOut,
    @Default("0.1") double holdout,
    @Default("dpo") Objective objective,
    @Default("{ schedule: { peak: 1e-5 }, optimiser: {} }") Recipe recipe,
    @Default("1024") int maxLength,
    @Default("1") long seed) {
  /** The key that tells such a spec from one of {@link dev.goodhart.neural.align.AlignSpec}. */
  public static final String KEY = "preferences";

  public PreferenceSpec {
    PreferenceAlignment.expect(objective, maxLength);
    if (!(holdout >= 0 && holdout < 1)) {
      throw new IllegalArgumentException("holdout must lie in [0, 1), not " + holdout);
    }
  }

  /**
   * @throws dev.goodhart.spec.SpecException naming file, line, key and what was expected
   */
  public static PreferenceSpec read(Path file) {
    return Specs.read(file, PreferenceSpec.class);
  }

  /** The same with another seed. */
  public PreferenceSpec withSeed(long other) {
    return new PreferenceSpec(
        model, preferences, heldOut, holdout, objective, recipe, maxLength, other);
  }

  /**
   * Does the run.
   *
   * @throws GoodhartException if something is missing, or the folder holds another training
   */
  public PreferenceAlignment.Result run(
      Path folder, boolean resume, Device device, Progress progress) {
    var alignment =
        new PreferenceAlignment(
            model.open(new NoWorld(), seed, device, progress), objective, recipe, maxLength);
    List<Preference> all = read(preferences, progress);
    List<Preference> others = heldOut.map(file -> read(file, progress)).orElseGet(List::of);
    if (heldOut.isEmpty() && holdout > 0) {
      Set<Prompt> held = held(all);
      others = all.stream().filter(p -> held.contains(p.prompt())).toList();
      all = all.stream().filter(p -> !held.contains(p.prompt())).toList();
    }
    AtomicOutput.write(folder.resolve("align.yaml"), Specs.toYaml(this, folder));
    return alignment.run(all, others, seed, folder, resume, progress);
  }

  private Set<Prompt> held(List<Preference> all) {
    Set<Prompt> different = new LinkedHashSet<>();
    all.forEach(p -> different.add(p.prompt()));
    List<Prompt> order = new ArrayList<>(different);
    Collections.shuffle(order, Random.from(new Seeds(seed).of("holdout")));
    return Set.copyOf(order.subList(0, (int) Math.ceil(holdout * order.size())));
  }

  private static List<Preference> read(Path file, Progress progress) {
    List<Preference> all = new ArrayList<>();
    progress.start("reading " + file.getFileName() + ", pairs", -1);
    try (Cursor<Preference> pairs = Dataset.open(file).preferences()) {
      while (pairs.hasNext()) {
        all.add(pairs.next());
        progress.advance(1);
      }
    } finally {
      progress.done();
    }
    return all;
  }

  /** There are no prompts beside those of the pairs. */
  private record NoWorld() implements World.Tasks {
    @Override
    public long size(World.Split split) {
      return 0;
    }

    @Override
    public dev.goodhart.Sample prompt(World.Split split, long index) {
      throw new IndexOutOfBoundsException("there are no prompts");
    }

    @Override
    public OptionalDouble gold(dev.goodhart.Sample answered) {
      return OptionalDouble.empty();
    }
  }
}
