package dev.goodhart.lab;

import dev.goodhart.GoodhartException;
import dev.goodhart.lab.experiment.ConservativeEnsembles;
import java.util.List;
import java.util.stream.Collectors;

/** The experiments that Goodhart can run. */
public final class Experiments {
  /** In the order of their systems. */
  public static final List<Experiment> ALL = List.of(ConservativeEnsembles.DEFAULT);

  private Experiments() {}

  /**
   * The experiments of a system by its number, or the one of that name.
   *
   * @throws GoodhartException if there is none
   */
  public static List<Experiment> named(String idOrName) {
    List<Experiment> found =
        ALL.stream()
            .filter(e -> e.name().equals(idOrName) || String.valueOf(e.system()).equals(idOrName))
            .toList();
    if (found.isEmpty()) {
      throw new GoodhartException(
          "no experiment " + idOrName + " yet; there are "
              + ALL.stream().map(e -> e.system() + " (" + e.name() + ")").collect(Collectors.joining(", ")));
    }
    return found;
  }
}
