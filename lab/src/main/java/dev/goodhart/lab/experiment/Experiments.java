package dev.goodhart.lab.experiment;

import dev.goodhart.GoodhartException;
import dev.goodhart.lab.Experiment;
import dev.goodhart.spec.Catalogue;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The experiments that Goodhart can run. */
public final class Experiments {
  /** In the order of their systems. */
  public static final List<Experiment> ALL =
      List.of(
          CoinRewards.DEFAULT,
          LeakingMass.DEFAULT,
          PretrainSeeds.DEFAULT,
          ConservativeEnsembles.DEFAULT,
          TextEnsembles.DEFAULT,
          EnsemblePolicies.DEFAULT,
          HackedLanguageModel.DEFAULT,
          DirectOverOptimisation.DEFAULT,
          SumsOfLogSigmoids.DEFAULT,
          CorrelatedProxies.DEFAULT,
          PaddedSteps.DEFAULT,
          PosteriorMatching.DEFAULT,
          LengthHalves.DEFAULT,
          PreferenceAsRewardTilt.DEFAULT,
          MitigatedLanguageModel.DEFAULT,
          ShapedRewards.DEFAULT,
          RobustMix.DEFAULT,
          ShorterWhereSolved.DEFAULT,
          JudgedRegression.DEFAULT,
          LongSequences.DEFAULT,
          CyclicPreferences.DEFAULT,
          RubricExploits.DEFAULT,
          ConstrainedProxies.DEFAULT,
          CompressedEvaluators.DEFAULT,
          PlantedHacks.DEFAULT,
          ProductOfRelevance.DEFAULT,
          DenseTestRewards.DEFAULT,
          TwoStages.DEFAULT,
          BetaNormalisedVariance.DEFAULT,
          RareComparisons.DEFAULT,
          GradedQueries.DEFAULT,
          PlantedUtilities.DEFAULT,
          WatchedDoor.DEFAULT,
          CaptionSimilarity.DEFAULT,
          SqlPartialCredit.DEFAULT,
          PluralValues.DEFAULT,
          LostSupport.DEFAULT,
          MutualWelfareGame.DEFAULT,
          EmergentExploration.DEFAULT,
          NoisyTraces.DEFAULT,
          FlippedLabels.DEFAULT,
          NoisyVerifierArith.DEFAULT,
          NoisyVerifierBandit.DEFAULT,
          AppealedRates.DEFAULT,
          BleuAgreement.DEFAULT);

  private Experiments() {}

  /**
   * The experiments whose system is of a room and shown in a world; null stands for any.
   *
   * @throws GoodhartException if there is none
   */
  public static List<Experiment> of(@Nullable String room, @Nullable String world) {
    Catalogue catalogue = Catalogue.load();
    List<Experiment> found =
        ALL.stream()
            .filter(
                e -> {
                  Catalogue.Entry system = catalogue.get(String.valueOf(e.system()));
                  return (room == null || room.equals(system.room()))
                      && (world == null || world.equals(system.world()));
                })
            .toList();
    if (found.isEmpty()) {
      String rooms = names(catalogue, Catalogue.Entry::room);
      String worlds = names(catalogue, Catalogue.Entry::world);
      throw new GoodhartException(
          "no experiment is of %s%s%s; there are some of the rooms %s and the worlds %s"
              .formatted(
                  room == null ? "" : "room '" + room + "'",
                  room == null || world == null ? "" : " and ",
                  world == null ? "" : "world '" + world + "'",
                  rooms,
                  worlds));
    }
    return found;
  }

  private static String names(Catalogue catalogue, Function<Catalogue.Entry, String> of) {
    return ALL.stream()
        .map(e -> of.apply(catalogue.get(String.valueOf(e.system()))))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /**
   * The experiment of that name, or all of a system by its number or name in the catalogue.
   *
   * @throws GoodhartException if there is none
   */
  public static List<Experiment> named(String idOrName) {
    List<Experiment> byName = ALL.stream().filter(e -> e.name().equals(idOrName)).toList();
    if (!byName.isEmpty()) {
      return byName;
    }
    Catalogue.Entry system = Catalogue.load().get(idOrName);
    List<Experiment> found = ALL.stream().filter(e -> e.system() == system.id()).toList();
    if (found.isEmpty()) {
      throw new GoodhartException(
          "system %d (%s) has no experiment yet; there are %s"
              .formatted(
                  system.id(),
                  system.name(),
                  ALL.stream()
                      .map(e -> e.system() + " " + e.name())
                      .collect(Collectors.joining(", "))));
    }
    return found;
  }
}
