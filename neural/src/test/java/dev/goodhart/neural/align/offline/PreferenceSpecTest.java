package dev.goodhart.neural.align.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.objective.Dpo;
import dev.goodhart.objective.Exo;
import dev.goodhart.objective.Objective;
import dev.goodhart.objective.PreferenceObjective;
import dev.goodhart.objective.Rpo;
import dev.goodhart.spec.Methods;
import dev.goodhart.spec.SpecException;
import dev.goodhart.spec.Specs;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreferenceSpecTest {
  private static PreferenceSpec parsed(String objective) {
    return Specs.parse(
        "model: { folder: base }\npreferences: pairs.jsonl\nobjective: " + objective + "\n",
        "align.yaml",
        Path.of("."),
        PreferenceSpec.class);
  }

  @Test
  void oneObjectiveMayStandInAnother() {
    PreferenceSpec spec = parsed("{ rpo: { objective: { exo: { beta: 0.2 } }, alpha: 0.5 } }");

    assertEquals(new Rpo(new Exo(0.2, 1e-3), 0.5, Rpo.Reduction.MEAN), spec.objective());
  }

  @Test
  void everyPreferenceObjectiveCanBeNamedByItselfOrInsideRpo() {
    Set<String> names = Methods.loaded().of(PreferenceObjective.class).keySet();
    assertEquals(
        Set.of(
            "cdpo", "dno", "dpo", "exo", "ipo", "orpo", "power-dl", "rdpo", "rpo", "simpo", "slic"),
        names);
    for (String name : names) {
      if (name.equals("rpo")) continue;
      assertTrue(Methods.read(name, "objective", Objective.class) instanceof PreferenceObjective);
      assertTrue(
          Methods.read("rpo: { objective: " + name + " }", "objective", PreferenceObjective.class)
              instanceof Rpo);
    }
    assertEquals(new Dpo(0.1), Methods.read("dpo", "objective", Objective.class));
  }

  @Test
  void anObjectiveOfOtherDataIsRefusedWhereItStands() {
    var e = assertThrows(SpecException.class, () -> parsed("ppo-clip"));
    assertTrue(e.getMessage().contains("align.yaml"), e.getMessage());
    assertTrue(e.getMessage().contains("learns from preferences"), e.getMessage());
  }
}
