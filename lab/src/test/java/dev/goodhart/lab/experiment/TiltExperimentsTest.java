package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Evidence;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.Reproduction;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TiltExperimentsTest {
  /** Without a tail the world and its control are the same kind of world: no gain to speak of. */
  @Test
  void withoutTheTailTheLscGainIsGone() {
    Outcome outcome = new SumsOfLogSigmoids(60, 200, 0).run(new Seeds(3));
    for (String kl : new String[] {"0.5", "1.0", "2.0"}) {
      double gain =
          outcome.figures().get("lsc gold " + kl) - outcome.figures().get("raw gold " + kl);
      assertEquals(0, gain, 0.01, "KL " + kl);
    }
  }

  @Test
  void goldOfTheFlatteryWorldByHand() {
    assertEquals(5, PreferenceAsRewardTilt.gold(53), 1e-12); // q 5, f 3
    assertEquals(2 - 0.6 * 4, PreferenceAsRewardTilt.gold(27), 1e-12); // q 2, f 7
  }

  @Test
  void theBasePolicyOfTheFlatteryWorldIsTheProductOfItsMarginals() {
    double[] base = PreferenceAsRewardTilt.base();
    assertEquals(1, Arrays.stream(base).sum(), 1e-12);
    assertEquals(0.4, base[21] / base[20], 1e-12);
    assertEquals(1, base[20] / base[10], 1e-12); // q = 1 and q = 2 are equally far from 1.5
  }

  @Test
  void aModelWithoutErrorOrBiasToExploitKeepsEarning() {
    Outcome outcome = new PreferenceAsRewardTilt(4, 5000, 0, 0).run(new Seeds(1));
    var raw = outcome.curves().get("raw");
    assertTrue(raw.get(3) > raw.get(0), raw.toString());
  }

  /** The verdict on a real experiment turns when its arms are exchanged. */
  @Test
  void swappedArmsFail() {
    Experiment experiment = new SumsOfLogSigmoids(30, 100, 0.02);
    Evidence evidence = new Reproduction(1, 4).of(experiment, Progress.NONE);
    Evidence swapped = new Reproduction(1, 4).of(new Swapped(experiment), Progress.NONE);
    for (int i = 0; i < evidence.claims().size(); i++) {
      Claim claim = experiment.claims().get(i);
      Evidence.Tested tested = evidence.claims().get(i);
      if (claim.relation() != Claim.Relation.EQUAL) {
        assertEquals(Claim.Verdict.HOLDS, tested.verdict(), claim.name());
        assertEquals(Claim.Verdict.FAILS, swapped.claims().get(i).verdict(), claim.name());
      }
    }
  }

  private record Swapped(Experiment of) implements Experiment {
    @Override
    public int system() {
      return of.system();
    }

    @Override
    public String name() {
      return of.name();
    }

    @Override
    public String title() {
      return of.title();
    }

    @Override
    public String tuning() {
      return of.tuning();
    }

    @Override
    public Axis axis() {
      return of.axis();
    }

    @Override
    public List<Claim> claims() {
      return of.claims().stream().map(Claim::swapped).toList();
    }

    @Override
    public Outcome run(Seeds seeds) {
      return of.run(seeds);
    }

    @Override
    public Experiment smoke() {
      return of.smoke();
    }
  }
}
