package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import dev.goodhart.spec.Catalogue;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExperimentsTest {
  @Test
  void theCatalogueNamesTheExperimentsThatThereAre() {
    for (Catalogue.Entry entry : Catalogue.load().entries()) {
      List<String> there =
          Experiments.ALL.stream()
              .filter(e -> e.system() == entry.id())
              .map(e -> e.getClass().getName())
              .toList();
      Optional<String> named = entry.experiment();
      assertEquals(there.isEmpty(), named.isEmpty(), entry.name());
      named.ifPresent(name -> assertTrue(there.contains(name), name + " of " + there));
    }
  }

  @Test
  void namesAreUnique() {
    Set<String> names = new HashSet<>();
    Experiments.ALL.forEach(e -> assertTrue(names.add(e.name()), e.name()));
  }

  @Test
  void everyClaimComparesFiguresThatAreMeasured() {
    for (Experiment experiment : Experiments.ALL) {
      Outcome outcome = experiment.smoke().run(new Seeds(1));
      Set<String> names = new HashSet<>();
      for (Claim claim : experiment.claims()) {
        assertTrue(names.add(claim.name()), claim.name());
        assertTrue(outcome.figures().containsKey(claim.method()), claim.method());
        assertTrue(outcome.figures().containsKey(claim.baseline()), claim.baseline());
      }
      outcome
          .curves()
          .forEach(
              (arm, curve) ->
                  assertEquals(experiment.smoke().axis().points().size(), curve.size(), arm));
    }
  }
}
