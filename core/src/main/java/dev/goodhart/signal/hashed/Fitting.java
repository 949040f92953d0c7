package dev.goodhart.signal.hashed;

import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.HeldOut;
import dev.goodhart.signal.fit.Judgement;
import dev.goodhart.signal.fit.PreferenceData;
import dev.goodhart.signal.fit.Split;
import dev.goodhart.signal.fit.Temperature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One fit from the data to the calibrated model. The members are trained side by side, each by
 * itself, so the number of threads changes nothing but the time.
 */
final class Fitting {
  private final HashedBradleyTerry method;
  private final PreferenceData data;
  private final Features[] features;
  private final Seeds seeds;
  private final Progress progress;
  private final Split split;

  /**
   * @param features of each response
   */
  Fitting(
      HashedBradleyTerry method,
      PreferenceData data,
      Features[] features,
      long seed,
      Progress progress) {
    this.method = method;
    this.data = data;
    this.features = features;
    this.seeds = new Seeds(seed);
    this.progress = progress;
    this.split = Split.of(data, method.holdout(), method.development(), seeds);
  }

  Fit fit() {
    List<Member> members = train();
    List<Weights> weights = members.stream().map(Member::best).toList();
    List<Judgement> development = split.development();
    Temperature temperature =
        development.isEmpty()
            ? new Temperature(1, intercept(weights), Double.NaN)
            : Temperature.of(
                development, data.rewards(development, r -> mean(weights, features[r])));
    Fit.Training came = split.counts(members.stream().map(Member::bestPass).toList(), temperature);
    HashedModel model = model(weights, temperature, came, Map.of());
    double[] rewards = data.rewards(split.heldOut(), r -> model.mean(features[r]));
    HeldOut measured = split.measure(rewards, seeds.seed());
    return new Fit(
        model(weights, temperature, came, measured.figures()),
        came,
        measured,
        split.notes(temperature, method.passes()));
  }

  private List<Member> train() {
    List<Judgement> training = split.training();
    List<Member> members = new ArrayList<>();
    for (int k = 0; k < method.ensemble(); k++) {
      List<Judgement> drawn =
          method.ensemble() == 1 ? training : Member.bootstrap(training, seeds.of("bootstrap", k));
      members.add(new Member(method, features, drawn, seeds.of("order", k)));
    }
    progress.start("training", (long) method.passes() * training.size() * members.size());
    List<Member> active = members;
    while (!active.isEmpty()) {
      active.parallelStream()
          .forEach(
              member -> {
                member.train();
                member.judge(data, split.development());
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

  private HashedModel model(
      List<Weights> weights,
      Temperature temperature,
      Fit.Training came,
      Map<String, @Nullable Object> heldOutFigures) {
    ModelCard card =
        new ModelCard(
            HashedKind.NAME,
            HashedKind.hyperParameters(method),
            temperature.figures(),
            came.figures(),
            heldOutFigures,
            new Provenance("fit in memory", seeds.seed(), Map.of(), Provenance.running()),
            Map.of());
    return new HashedModel(
        method, weights, temperature.slope(), temperature.offset(), split.seen(), card);
  }
}
