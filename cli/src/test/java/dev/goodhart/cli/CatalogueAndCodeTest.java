package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Method;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.experiment.Experiments;
import dev.goodhart.spec.Catalogue;
import dev.goodhart.spec.Catalogue.Entry;
import dev.goodhart.spec.Methods;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The catalogue says what the code is: here, where every module is on the class path. */
class CatalogueAndCodeTest {
  private static final Catalogue CATALOGUE = Catalogue.load();

  @Test
  void everyClassExistsIsMarkedWithItsNumberAndLivesInItsRoom() throws ClassNotFoundException {
    for (Entry entry : CATALOGUE.entries()) {
      if (entry.type().isPresent()) {
        Class<?> type = Class.forName(entry.type().get());
        assertTrue(type.isAnnotationPresent(Method.class), entry.toString());
        Method mark = type.getAnnotation(Method.class);
        assertTrue(
            mark.id() == entry.id()
                || Arrays.stream(mark.also()).anyMatch(also -> also == entry.id()),
            entry.toString());
        String room = type.getPackageName().replaceAll("\\.verify\\..*", ".signal"); // rule-based
        assertEquals("dev.goodhart." + entry.room(), room, entry.toString());
      }
    }
  }

  @Test
  void everyMethodWithANumberHasItsRow() {
    for (var methods : Methods.loaded().all().values()) {
      for (Class<? extends Record> method : methods.values()) {
        int id = method.getAnnotation(Method.class).id();
        if (id > 0) {
          assertEquals(Optional.of(method.getName()), CATALOGUE.get(String.valueOf(id)).type());
        }
      }
    }
  }

  @Test
  void everyExperimentIsOneOfTheSystemThatNamesIt() throws ClassNotFoundException {
    for (Entry entry : CATALOGUE.entries()) {
      if (entry.experiment().isPresent()) {
        Class<?> type = Class.forName(entry.experiment().get());
        assertTrue(
            Experiments.ALL.stream()
                .anyMatch(e -> e.getClass() == type && e.system() == entry.id()),
            entry.toString());
      }
    }
  }

  @Test
  void everySystemWithAnExperimentNamesOne() {
    for (Experiment experiment : Experiments.ALL) {
      assertTrue(
          CATALOGUE.get(String.valueOf(experiment.system())).experiment().isPresent(),
          experiment.name());
    }
  }
}
