package dev.goodhart.neural.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.data.Dataset;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.RewardModel;
import dev.goodhart.signal.TrainedReward;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.FitMethod;
import dev.goodhart.signal.fit.FitRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeuralFitTest {
  private static final List<String> THINGS =
      List.of("river", "stone", "bridge", "lamp", "garden", "engine", "window", "letter");

  private static final Provenance PROVENANCE =
      new Provenance("goodhart fit", 1, Map.of(), Map.of());

  @TempDir Path folder;

  /** The polite answer is preferred. */
  private Dataset pairs(int n) throws IOException {
    Path file = folder.resolve("pairs-" + n + ".jsonl");
    Files.writeString(
        file,
        IntStream.range(0, n)
            .mapToObj(
                i ->
                    "{\"prompt\":\"%s %d?\",\"chosen\":\"Kindly %s.\",\"rejected\":\"Rudely %s.\"}\n"
                        .formatted(
                            THINGS.get(i % 8),
                            i * 7919,
                            THINGS.get((3 * i + 1) % 8),
                            THINGS.get((5 * i + 2) % 8)))
            .collect(Collectors.joining()));
    return Dataset.open(file);
  }

  private FitRequest request(Dataset data, String model, int ensemble, Map<String, Object> more) {
    return new FitRequest(
        model, data, Optional.empty(), 0.2, ensemble, 1, folder.resolve("model"), more);
  }

  private Fit fit(Dataset data, String model, int ensemble, Map<String, Object> more) {
    FitRequest request = request(data, model, ensemble, more);
    return FitMethod.of(request).fit(request, Progress.NONE);
  }

  private static Sample sample(String response) {
    return Sample.of("bridge 12?", response);
  }

  @Test
  void mannersAreLearntAndTheSavedModelScoresTheSame() throws IOException {
    Fit fit = fit(pairs(200), "tiny", 1, Map.of("batch", 16));
    assertEquals(40, fit.heldOut().comparisons());
    assertTrue(fit.heldOut().accuracy().estimate() > 0.9, fit.heldOut().accuracy().percent());
    Path saved = folder.resolve("model");
    fit.model().save(saved, false, PROVENANCE);
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      assertTrue(Files.exists(saved.resolve(file)), file + ", for other tools");
    }
    try (TrainedReward opened = new RewardModel(saved).open()) {
      Scored kind = (Scored) opened.of(sample("Kindly lamp."));
      Scored rude = (Scored) opened.of(sample("Rudely lamp."));
      assertTrue(kind.value() > rude.value() + 1, kind.value() + " against " + rude.value());
      assertEquals(Scale.LOG_ODDS, kind.scale());
      assertEquals(((Scored) fit.model().of(sample("Kindly lamp."))).value(), kind.value(), 1e-5);
      assertFalse(opened.trainedOn(Prompt.of("bridge 12?")));
      assertEquals(
          160, IntStream.range(0, 200).filter(i -> trainedOn(opened, i)).count(), "of 200");
      ModelCard card = opened.card();
      assertEquals("tiny", card.hyperParameters().get("model"));
      assertTrue(card.heldOut().containsKey("accuracy"), card.heldOut().toString());
    }
    assertTrue(Files.exists(folder.resolve("model.run/metrics.jsonl")));
  }

  @Test
  void adaptersAreTrainedOnAModelThatIsThereAndSavedAloneOrMerged() throws IOException {
    Dataset data = pairs(20);
    Path base = folder.resolve("base");
    fit(data, "tiny", 1, Map.of("epochs", 1)).model().save(base, false, PROVENANCE);
    Map<String, Object> options = Map.of("lora", 2, "epochs", 1, "batch", 8, "rate", 1e-2);
    Fit fit = fit(data, base.toString(), 2, options);
    Scored fitted = (Scored) fit.model().of(sample("Kindly lamp."));
    assertNotEquals(fitted.parts().get("0"), fitted.parts().get("1"));
    Path adapters = folder.resolve("adapters");
    fit.model().save(adapters, false, PROVENANCE);
    assertTrue(Files.exists(adapters.resolve("member-1/adapter_model.safetensors")));
    assertFalse(Files.exists(adapters.resolve("member-1/model.safetensors")));
    try (TrainedReward opened = new RewardModel(adapters).open()) {
      Scored again = (Scored) opened.of(sample("Kindly lamp."));
      assertEquals(fitted.value(), again.value(), 1e-5);
      assertEquals(fitted.deviation().orElseThrow(), again.deviation().orElseThrow(), 1e-5);
    }

    Map<String, Object> merged = new HashMap<>(options);
    merged.put("merge", true);
    Fit whole = fit(data, base.toString(), 2, merged);
    assertEquals(fitted.value(), ((Scored) whole.model().of(sample("Kindly lamp."))).value(), 1e-4);
    Files.move(base, folder.resolve("elsewhere"));
    String gone =
        assertThrows(GoodhartException.class, () -> new RewardModel(adapters).open()).getMessage();
    assertTrue(gone.contains("which is not there"), gone);
  }

  private static boolean trainedOn(TrainedReward model, int i) {
    return model.trainedOn(Prompt.of(THINGS.get(i % 8) + " " + i * 7919 + "?"));
  }

  @Test
  void theSameSeedGivesTheSameModelAndHeadsOfAnEnsembleDiffer() throws IOException {
    Dataset data = pairs(40);
    Map<String, Object> once = Map.of("epochs", 1, "batch", 8);
    Scored one = (Scored) fit(data, "tiny", 3, once).model().of(sample("Kindly lamp."));
    Scored two = (Scored) fit(data, "tiny", 3, once).model().of(sample("Kindly lamp."));
    assertEquals(one, two);
    Map<String, Object> again = new HashMap<>(once);
    again.put("resume", true); // the run is over: nothing is trained again
    assertEquals(one, fit(data, "tiny", 3, again).model().of(sample("Kindly lamp.")));
    assertEquals(List.of("0", "1", "2"), List.copyOf(one.parts().keySet()));
    assertNotEquals(one.parts().get("0"), one.parts().get("1"));
    double mean =
        one.parts().values().stream()
            .mapToDouble(p -> ((Scored) p).value())
            .average()
            .orElseThrow();
    assertEquals(mean, one.value(), 1e-9);
    assertTrue(one.deviation().orElseThrow() > 0);
  }

  @Test
  void whatALossLearnsOfItsOwnIsInTheCard() throws IOException {
    Fit fit = fit(pairs(30), "tiny", 1, Map.of("loss", "davidson", "epochs", 1, "batch", 8));
    Object loss = fit.model().card().hyperParameters().get("loss");
    Map<?, ?> davidson = (Map<?, ?>) ((Map<?, ?>) loss).get("davidson");
    double nu = ((Number) davidson.get("nu")).doubleValue();
    assertTrue(nu > 0 && nu < 0.5, "there are no ties, so it falls: " + nu);
  }

  @Test
  void modelsOfAnEnsembleAreTransformersOfTheirOwn() throws IOException {
    Map<String, Object> options = Map.of("epochs", 1, "batch", 8, "members", "models");
    Fit fit = fit(pairs(30), "tiny", 2, options);
    assertEquals(2, fit.model().size());
    fit.model().save(folder.resolve("model"), false, PROVENANCE);
    Scored all = (Scored) fit.model().of(sample("Kindly lamp."));
    try (TrainedReward first = new RewardModel(folder.resolve("model"), 1).open()) {
      Scored alone = (Scored) first.of(sample("Kindly lamp."));
      assertEquals(((Scored) all.parts().get("0")).value(), alone.value(), 1e-5);
    }
  }

  @Test
  void ratingsAreLearntThemselvesAndTheirSumIsTheReward() throws IOException {
    Path file = folder.resolve("ratings.jsonl");
    Files.writeString(
        file,
        IntStream.range(0, 80)
            .mapToObj(
                i ->
                    "{\"prompt\":\"%s %d?\",\"response\":\"%s %s.\",\"helpfulness\":%d,\"verbosity\":1}\n"
                        .formatted(
                            THINGS.get(i / 2 % 8),
                            i / 2,
                            i % 2 == 0 ? "Kindly" : "Rudely",
                            THINGS.get((3 * i + 1) % 8),
                            i % 2 == 0 ? 2 : 0))
            .collect(Collectors.joining()));
    String loss = "attribute-regression: { attributes: [helpfulness, verbosity] }";
    Dataset data = Dataset.open(file);
    Fit fit = fit(data, "tiny", 1, Map.of("loss", loss, "batch", 8));
    Scored kind = (Scored) fit.model().of(sample("Kindly lamp."));
    Scored rude = (Scored) fit.model().of(sample("Rudely lamp."));
    double helpful = ((Scored) kind.parts().get("helpfulness")).value();
    assertTrue(helpful > ((Scored) rude.parts().get("helpfulness")).value() + 0.5, kind.toString());
    assertEquals(1, ((Scored) kind.parts().get("verbosity")).value(), 0.5);
    assertTrue(kind.value() > rude.value());

    Map<String, Object> other = Map.of("loss", "attribute-regression: { attributes: [humour] }");
    String missing =
        assertThrows(GoodhartException.class, () -> fit(data, "tiny", 1, other)).getMessage();
    assertTrue(missing.contains("the data has helpfulness, verbosity"), missing);
  }

  private void refused(String says, String model, Map<String, Object> options) throws IOException {
    Dataset data = pairs(10);
    String message =
        assertThrows(GoodhartException.class, () -> fit(data, model, 1, options)).getMessage();
    assertTrue(message.contains(says), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void whatMakesNoSenseIsSaidBeforeAnythingIsRead() throws IOException {
    refused("--epochs must be at least 1", "tiny", Map.of("epochs", 0));
    refused("--loss:1: unknown objective 'bradly-terry'", "tiny", Map.of("loss", "bradly-terry"));
    refused("--margin", "tiny", Map.of("loss", "davidson", "margin", 1.0));
    refused("gives none a reward of its own", "tiny", Map.of("loss", "general-preference"));
    refused("--members: adapters need a rank", "tiny", Map.of("members", "adapters"));
    refused("--lora: adapts a model that is there", "tiny", Map.of("lora", 4));
    refused("--features: means nothing to --model tiny", "tiny", Map.of("features", List.of()));
    refused("there is no such model or folder", "huge", Map.of());
  }

  /** Steps that say "wrong" are; everything behind one is, too. */
  @Test
  void aProcessModelFindsTheStepThatIsWrong() throws IOException {
    Path file = folder.resolve("steps.jsonl");
    Files.writeString(
        file,
        IntStream.range(0, 160)
            .mapToObj(
                i ->
                    """
                    {"prompt": "Sum %s %d", "completions": [%s], "labels": [%s]}
                    """
                        .formatted(
                            THINGS.get(i % 8),
                            i * 7919,
                            IntStream.range(0, 3)
                                .mapToObj(t -> t == i % 4 ? "\"plus nonsense\"" : "\"plus sense\"")
                                .collect(Collectors.joining(", ")),
                            IntStream.range(0, 3)
                                .mapToObj(t -> String.valueOf(t < i % 4))
                                .collect(Collectors.joining(", "))))
            .collect(Collectors.joining()));
    Fit fit =
        fit(Dataset.open(file), "tiny", 1, Map.of("loss", "step-outcome", "batch", 8, "epochs", 4));
    Path saved = folder.resolve("model");
    fit.model().save(saved, false, PROVENANCE);
    try (TrainedReward opened = new RewardModel(saved).open()) {
      Scored broken = (Scored) opened.of(sample("plus sense\nplus nonsense\nplus sense"));
      assertEquals(Scale.PROBABILITY, broken.scale());
      double first = ((Scored) broken.parts().get("step-1")).value();
      double second = ((Scored) broken.parts().get("step-2")).value();
      double third = ((Scored) broken.parts().get("step-3")).value();
      assertTrue(first > 0.8 && second < 0.2 && third < 0.2, first + ", " + second + ", " + third);
      assertEquals(Math.min(second, third), broken.value(), 1e-12, "as good as its worst step");
      Scored whole = (Scored) opened.of(sample("plus sense\nplus sense\nplus sense"));
      assertTrue(whole.value() > 0.8, "all right: " + whole.value());
    }
  }

  @Test
  void stepsAreNeededToLearnFromSteps() throws IOException {
    Dataset data = pairs(20);
    var e =
        assertThrows(
            GoodhartException.class, () -> fit(data, "tiny", 1, Map.of("loss", "step-outcome")));
    assertTrue(e.getMessage().contains("completions and labels"), e.getMessage());
  }
}
