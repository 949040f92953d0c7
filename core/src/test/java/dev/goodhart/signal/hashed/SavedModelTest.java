package dev.goodhart.signal.hashed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import dev.goodhart.Scale;
import dev.goodhart.Scored;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.signal.Activation;
import dev.goodhart.signal.ModelCard;
import dev.goodhart.signal.ModelFolder;
import dev.goodhart.signal.RewardModel;
import dev.goodhart.signal.TrainedReward;
import dev.goodhart.signal.fit.Fit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelTest {
  private static final Provenance PROVENANCE =
      new Provenance("goodhart fit pairs.jsonl", 7, Map.of("pairs.jsonl", "sha256:00"), Map.of());
  private static final Fit FIT =
      new HashedBradleyTerry(12, HashedBradleyTerry.DEFAULT.features(), 0.03, 20, 4, 0, 3, 0.2, 0.2)
          .fit(Politeness.pairs(200, 0.1, 1), 7, Progress.NONE);

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void save() {
    folder = temporary.resolve("model");
    FIT.model().save(folder, false, PROVENANCE);
  }

  private static void refused(String says, org.junit.jupiter.api.function.Executable work) {
    String message = assertThrows(GoodhartException.class, work).getMessage();
    assertTrue(message.contains(says), message);
    assertEquals(1, message.lines().count(), message);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void openedAgainItRewardsTheSameToTheLastBit() {
    try (TrainedReward opened = new RewardModel(folder).open()) {
      for (String response : List.of("I will kindly mend it.", "", "Ünïcode 漢字 🙂\n- one\n- two")) {
        Sample sample = Sample.of("What about the lamp?", response);
        assertEquals(FIT.model().of(sample), opened.of(sample));
      }
      assertEquals(PROVENANCE, opened.card().provenance());
      assertEquals("hashed", opened.card().kind());
      assertEquals(
          FIT.heldOut().comparisons(),
          ModelCard.number(opened.card().heldOut(), "comparisons").intValue());
      for (var example : Politeness.pairs(200, 0.1, 1)) {
        Prompt prompt = ((dev.goodhart.data.Example.Pair) example).preference().prompt();
        assertEquals(FIT.model().trainedOn(prompt), opened.trainedOn(prompt));
      }
    }
  }

  @Test
  void ofAnEnsembleTheFirstMembersMayBeUsed() {
    Sample sample = Sample.of("What about the lamp?", "I will rudely mend it.");
    Map<String, dev.goodhart.Reward> all = FIT.model().of(sample).parts();
    try (TrainedReward two = new RewardModel(folder, 2).open();
        TrainedReward one = new RewardModel(folder, 1).open()) {
      assertEquals(all.get("1"), two.of(sample).parts().get("1"));
      assertEquals(2, two.of(sample).parts().size());
      assertEquals(all.get("0"), one.of(sample));
    }
    refused("has 3 members", () -> new RewardModel(folder, 4).open());
  }

  @Test
  void theSameModelIsTheSameFile() throws IOException {
    FIT.model().save(temporary.resolve("again"), false, PROVENANCE);
    for (String file : List.of("model.json", "weights.bin", "prompts.bin")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve(file)),
          Files.readAllBytes(temporary.resolve("again").resolve(file)));
    }
  }

  @Test
  void aModelIsReplacedOnlyWhenThatIsAskedFor() throws IOException {
    refused("--force", () -> FIT.model().save(folder, false, PROVENANCE));
    FIT.model().save(folder, true, new Provenance("other", 8, Map.of(), Map.of()));
    assertEquals("other", ModelCard.read(folder).provenance().command());
    assertEquals(List.of("model"), files());
  }

  @Test
  void otherFoldersAndFilesAreNeverReplaced() throws IOException {
    Path papers = Files.createDirectory(temporary.resolve("papers"));
    Files.writeString(papers.resolve("thesis.tex"), "years of work");
    refused("other files", () -> FIT.model().save(papers, true, PROVENANCE));
    refused("is a file", () -> FIT.model().save(papers.resolve("thesis.tex"), true, PROVENANCE));
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    FIT.model().save(empty, false, PROVENANCE);
    assertEquals("hashed", ModelCard.read(empty).kind());
  }

  @Test
  void whatFailsHalfWayLeavesWhatWasThere() throws IOException {
    ModelCard card = ModelCard.read(folder);
    refused(
        "cannot be written",
        () ->
            ModelFolder.save(
                folder,
                true,
                card,
                Map.of(
                    "weights.bin",
                    ModelFolder.contents(new byte[1]),
                    "adapter/weights.bin",
                    file -> {
                      throw new IOException("no space left");
                    })));
    assertEquals(List.of("model"), files());
    assertEquals(card, ModelCard.read(folder));
    new RewardModel(folder).open().close();
  }

  @Test
  void filesMayStandInFoldersOfTheFolderAndGoWithIt() throws IOException {
    ModelCard card = ModelCard.read(folder);
    Path other = temporary.resolve("other");
    ModelFolder.Contents one = ModelFolder.contents(new byte[] {1});
    ModelFolder.save(other, false, card, Map.of("adapter/weights.bin", one));
    assertArrayEquals(new byte[] {1}, Files.readAllBytes(other.resolve("adapter/weights.bin")));
    ModelFolder.save(other, true, card, Map.of("plain.bin", one));
    assertEquals(List.of("model", "other"), files());
    assertTrue(Files.notExists(other.resolve("adapter")));
  }

  @Test
  void aRewardSaysWhetherItIsActivated() {
    Sample sample = Sample.of("What about the lamp?", "I will kindly mend it.");
    try (TrainedReward raw = new RewardModel(folder).open();
        TrainedReward activated = new RewardModel(folder, 0, Activation.SIGMOID, "auto").open()) {
      Scored logOdds = (Scored) raw.of(sample);
      Scored probability = (Scored) activated.of(List.of(sample)).getFirst();
      assertEquals(Scale.LOG_ODDS, logOdds.scale());
      assertEquals(Scale.PROBABILITY, probability.scale());
      assertEquals(1 / (1 + Math.exp(-logOdds.value())), probability.value(), 1e-12);
      double deviation = logOdds.deviation().orElseThrow();
      double up = 1 / (1 + Math.exp(-logOdds.value() - deviation));
      double down = 1 / (1 + Math.exp(-logOdds.value() + deviation));
      assertEquals((up - down) / 2, probability.deviation().orElseThrow(), 1e-12);
      Scored member = (Scored) probability.parts().get("1");
      assertEquals(Scale.PROBABILITY, member.scale());
      assertTrue(activated.trainedOn(Prompt.of("x")) == raw.trainedOn(Prompt.of("x")));
    }
  }

  @Test
  void damageIsFoundInEveryFile() throws IOException {
    for (String name : List.of("weights.bin", "prompts.bin")) {
      Path file = folder.resolve(name);
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      Files.write(file, bad);
      refused(name + ": damaged", () -> new RewardModel(folder).open());
      Files.write(file, java.util.Arrays.copyOf(good, good.length - 1));
      refused(name + ": damaged", () -> new RewardModel(folder).open());
      Files.delete(file);
      refused(name + ": is missing", () -> new RewardModel(folder).open());
      Files.write(file, good);
    }
    Path card = folder.resolve("model.json");
    String text = Files.readString(card);
    for (String bad : List.of("", "{", "[]", "{}", text.substring(0, text.length() / 2))) {
      Files.writeString(card, bad);
      refused("model.json: damaged", () -> new RewardModel(folder).open());
    }
    Files.writeString(card, text.replace("\"bits\" : 12", "\"bits\" : 13"));
    refused("damaged", () -> new RewardModel(folder).open());
    Files.writeString(card, text.replace("\"slope\"", "\"slop\""));
    refused("damaged", () -> new RewardModel(folder).open());
  }

  @Test
  void anotherFormatAndAnotherKindAreNamed() throws IOException {
    Path card = folder.resolve("model.json");
    String text = Files.readString(card);
    Files.writeString(card, text.replace("\"format\" : 1", "\"format\" : 2"));
    refused("is of format 2", () -> new RewardModel(folder).open());
    Files.writeString(card, text.replace("\"hashed\"", "\"quantum\""));
    refused("kind 'quantum'", () -> new RewardModel(folder).open());
  }

  @Test
  void aPathThatHoldsNoModelIsNamed() throws IOException {
    refused("no such model", () -> new RewardModel(temporary.resolve("none")).open());
    refused(
        "is no reward model",
        () -> new RewardModel(Files.createDirectory(temporary.resolve("bare"))).open());
  }

  @Test
  void beforeItIsOpenedItDoesNotGuess() {
    assertThrows(
        IllegalStateException.class, () -> new RewardModel(folder).of(Sample.of("p", "r")));
    assertTrue(FIT.model().of(Sample.of("p", "r")) instanceof Scored);
  }
}
