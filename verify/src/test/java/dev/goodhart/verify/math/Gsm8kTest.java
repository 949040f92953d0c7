package dev.goodhart.verify.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goodhart.Sample;
import dev.goodhart.Scored;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Real solutions of four models, with the verdicts that were published with them. */
class Gsm8kTest {
  private static final List<String> MODELS =
      List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification");

  @Test
  void verdictsAreThePublishedOnes() throws IOException {
    Path file = data().resolve("gsm8k/example_model_solutions.jsonl.gz");
    assumeTrue(Files.exists(file), () -> "not there: " + file);
    MathVerifier verifier = new MathVerifier(MathAnswer.DEFAULT_ORDER, 1e-6, 0, true, false, 0);
    List<String> different = new ArrayList<>();
    int checked = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String truth = text(line, "ground_truth", 0);
        for (String model : MODELS) {
          int at = line.indexOf('"' + model + '"');
          boolean correct =
              line.startsWith("true", line.indexOf("is_correct", at) + "is_correct\": ".length());
          String solution = text(line, "solution", at);
          checked++;
          boolean found =
              verifier.of(Sample.of("", solution, truth)) instanceof Scored s && s.value() == 1;
          if (found != correct) {
            different.add(model + ", line " + (checked / 4 + 1) + ": " + solution);
          }
        }
      }
    }
    assertEquals(5_276, checked);
    assertEquals(List.of(), different);
  }

  private static Path data() {
    String given = System.getProperty("goodhart.data", System.getenv("GOODHART_DATA"));
    return given == null ? Path.of("../../shared/data") : Path.of(given);
  }

  /** The string behind a key, from a place on; enough of JSON for this file. */
  private static String text(String json, String key, int from) {
    int at = json.indexOf('"' + key + "\": \"", from) + key.length() + 5;
    StringBuilder text = new StringBuilder();
    for (int i = at; json.charAt(i) != '"'; i++) {
      if (json.charAt(i) != '\\') {
        text.append(json.charAt(i));
      } else if (json.charAt(++i) == 'u') {
        text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
        i += 4;
      } else {
        text.append(json.charAt(i) == 'n' ? '\n' : json.charAt(i));
      }
    }
    return text.toString();
  }
}
