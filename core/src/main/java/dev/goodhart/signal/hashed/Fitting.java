package dev.goodhart.signal.hashed;

import dev.goodhart.GoodhartException;
import dev.goodhart.report.Figure;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.TrainingPrompts;
import dev.goodhart.signal.hashed.Split.Part;
import dev.goodhart.signal.hashed.TrainingSet.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One fit from the training set to the calibrated model. The members are trained side by side, each
 * by itself, so the number of threads changes nothing but the time.
 */
final class Fitting {
  /** With fewer development items than this, passes and temperature are next to guessed. */
  private static final int FEW = 50;

  private final HashedBradleyTerry method;
  private final TrainingSet set;
  private final Seeds seeds;
  private final Progress progress;
  private final boolean templated;
  private final Part[] parts;
  private final List<Item> training;
  private final List<Item> development;
  private final List<Item> heldOut;

  /** How many were left out because their prompts are nearly those that the user holds out. */
  private final int tooAlike;

  Fitting(HashedBradleyTerry method, TrainingSet set, long seed, Progress progress) {
    this.method = method;
    this.set = set;
    this.seeds = new Seeds(seed);
    this.progress = progress;
    this.templated = Split.isTemplated(set.family());
    int[] together = templated ? IntStream.range(0, set.prompts().length).toArray() : set.family();
    this.parts = Split.of(together, set.fixed(), method.holdout(), method.development(), seeds);
    this.training = of(Part.TRAINING);
    this.development = of(Part.DEVELOPMENT);
    List<Item> out = of(Part.HELD_OUT);
    boolean file = IntStream.range(0, parts.length).anyMatch(p -> set.fixed()[p]);
    this.heldOut = file ? out.stream().filter(i -> set.fixed()[i.prompt()]).toList() : out;
    this.tooAlike = out.size() - heldOut.size();
  }

  /** Items that say which is better; those of weight 0 say nothing. */
  private List<Item> of(Part part) {
    return set.items().stream().filter(i -> parts[i.prompt()] == part && i.weight() > 0).toList();
  }

  Fit fit() {
    if (training.isEmpty()) {
      throw new GoodhartException(
          "nothing to learn from: of "
              + set.items().size()
              + " comparisons and labels "
              + heldOut.size()
              + " are held out and "
              + development.size()
              + " set aside");
    }
    List<Member> members = train();
    List<Weights> weights = members.stream().map(Member::best).toList();
    Temperature temperature =
        development.isEmpty()
            ? new Temperature(1, intercept(weights), Double.NaN)
            : new Development(set, development).temperature(f -> mean(weights, f));
    Fit.Training came = training(members, temperature);
    HashedModel model = model(weights, temperature, came, Map.of());
    HeldOut measured = HeldOut.of(set, heldOut, model::mean, seeds.seed());
    return new Fit(
        model(weights, temperature, came, measured.figures()), came, measured, notes(temperature));
  }

  private List<Member> train() {
    List<Member> members = new ArrayList<>();
    for (int k = 0; k < method.ensemble(); k++) {
      List<Item> items =
          method.ensemble() == 1 ? training : Member.bootstrap(training, seeds.of("bootstrap", k));
      members.add(new Member(method, set, items, seeds.of("order", k)));
    }
    Development judge = new Development(set, development);
    progress.start("training", (long) method.passes() * training.size() * members.size());
    List<Member> active = members;
    while (!active.isEmpty()) {
      active.parallelStream()
          .forEach(
              member -> {
                member.train();
                member.judge(judge);
                progress.advance(member.size());
              });
      active = active.stream().filter(m -> !m.isDone(method.passes())).toList();
    }
    progress.done();
    return members;
  }

  private static double mean(List<Weights> members, Features features) {
    double sum = 0;
    for (Weights member : members) {
      sum += member.reward(features);
    }
    return sum / members.size();
  }

  private static double intercept(List<Weights> members) {
    return members.stream().mapToDouble(Weights::intercept).average().orElse(0);
  }

  private Fit.Training training(List<Member> members, Temperature temperature) {
    return new Fit.Training(
        prompts(Part.TRAINING).length,
        (int) training.stream().filter(i -> !i.isLabel()).count(),
        (int) training.stream().filter(Item::isLabel).count(),
        prompts(Part.DEVELOPMENT).length,
        development.size(),
        members.stream().map(Member::bestPass).toList(),
        1 / temperature.slope());
  }

  private int[] prompts(Part part) {
    return IntStream.range(0, parts.length).filter(p -> parts[p] == part).toArray();
  }

  private HashedModel model(
      List<Weights> weights,
      Temperature temperature,
      Fit.Training came,
      Map<String, @Nullable Object> heldOutFigures) {
    long[] keys =
        IntStream.range(0, parts.length)
            .filter(p -> parts[p] != Part.HELD_OUT)
            .mapToLong(p -> set.prompts()[p])
            .toArray();
    Map<String, @Nullable Object> calibration = new LinkedHashMap<>();
    calibration.put("temperature", 1 / temperature.slope());
    calibration.put("slope", temperature.slope());
    calibration.put("offset", temperature.offset());
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("prompts", came.prompts());
    figures.put("comparisons", came.comparisons());
    figures.put("labels", came.labels());
    figures.put("development-prompts", came.developmentPrompts());
    figures.put("development-items", came.developmentItems());
    figures.put("best-pass", came.passes());
    ModelCard card =
        new ModelCard(
            HashedKind.NAME,
            HashedKind.hyperParameters(method),
            calibration,
            figures,
            heldOutFigures,
            new Provenance("fit in memory", seeds.seed(), Map.of(), Provenance.running()),
            Map.of());
    return new HashedModel(
        method,
        weights,
        temperature.slope(),
        temperature.offset(),
        new TrainingPrompts(keys),
        card);
  }

  private List<String> notes(Temperature temperature) {
    List<String> notes = new ArrayList<>();
    if (development.isEmpty()) {
      notes.add(
          "No prompt was set aside, so the model took all "
              + method.passes()
              + " passes and its rewards are not calibrated.");
    } else if (development.size() < FEW) {
      notes.add(
          "Passes and temperature rest on "
              + development.size()
              + " comparisons and labels: too few to be sure of.");
    } else if (temperature.slope() <= Temperature.LEAST) {
      notes.add(
          "On the prompts that were set aside the rewards are no better than chance: there is"
              + " nothing in the data that this model can learn.");
    }
    if (set.skipped() > 0) {
      notes.add(Figure.count(set.skipped()) + " bad rows were skipped.");
    }
    if (tooAlike > 0) {
      notes.add(
          Figure.count(tooAlike)
              + " comparisons and labels were left out: their prompts are nearly the same as"
              + " held-out ones.");
    }
    if (set.unused() > 0) {
      notes.add(
          Figure.count(set.unused())
              + " responses or prompts without a verdict were of no use here.");
    }
    if (templated) {
      notes.add(
          "Many prompts are nearly the same text, so only equal ones are kept on one side of the"
              + " split; what is held out may be easier than new prompts.");
    }
    if (heldOut.isEmpty()) {
      notes.add("Nothing was held out, so nobody knows how good the model is.");
    }
    return notes;
  }
}
