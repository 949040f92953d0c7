package dev.goodhart.verify.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** HumanEval's own solutions pass its tests here, and solutions with a slip in them fail. */
class HumanEvalTest {
  private static final Set<String> UNNOTICED =
      Set.of(
          "HumanEval/35 line 3: > to >=",
          "HumanEval/80 line 6: 1 to 2",
          "HumanEval/105 line 7: 6 to 7",
          "HumanEval/105 line 8: 7 to 8",
          "HumanEval/106 line 5: 1 to 2",
          "HumanEval/111 line 8: > to >=",
          "HumanEval/116 line 1: 2 to 3",
          "HumanEval/124 line 9: 11 to 12",
          "HumanEval/124 line 9: 9 to 10",
          "HumanEval/126 line 6: 1 to 2",
          "HumanEval/127 line 8: False to True",
          "HumanEval/127 line 8: return to return None and",
          "HumanEval/127 line 9: True to False",
          "HumanEval/127 line 9: return to return None and",
          "HumanEval/132 line 13: < to <=",
          "HumanEval/135 line 4: < to <=",
          "HumanEval/137 line 5: > to >=",
          "HumanEval/137 line 5: return to return None and",
          "HumanEval/148 line 6: < to <=",
          "HumanEval/154 line 5: + to -",
          "HumanEval/157 line 1: * to +",
          "HumanEval/157 line 1: + to -");

  private static List<Map<String, Object>> problems() throws IOException {
    String given = System.getProperty("goodhart.data", System.getenv("GOODHART_DATA"));
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("goodhart"))) {
      root = root.getParent();
    }
    Path folder = given != null ? Path.of(given) : root.resolveSibling("shared").resolve("data");
    Path file = folder.resolve("humaneval/HumanEval.jsonl.gz");
    Assumptions.assumeTrue(Files.exists(file), () -> file + " is not there: set GOODHART_DATA");
    List<Map<String, Object>> problems = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        @SuppressWarnings("unchecked")
        Map<String, Object> row = Wire.JSON.readValue(line, Map.class);
        problems.add(row);
      }
    }
    return problems;
  }

  private static Sample sample(Map<String, Object> problem, String solution) {
    return new Sample(
        (String) problem.get("task_id"),
        Prompt.of((String) problem.get("prompt")),
        solution,
        null,
        problem);
  }

  private static String solution(Map<String, Object> problem) {
    return (String) problem.get("canonical_solution");
  }

  private static boolean passed(Reward reward) {
    return ((Scored) reward).value() == 1;
  }

  private static List<Reward> score(List<Sample> samples) {
    Sandboxed.need(Language.PYTHON);
    try (OpenCode code = new OpenCode(Code.of(Language.PYTHON), 2)) {
      return code.of(samples);
    }
  }

  @Test
  void everyCanonicalSolutionPasses() throws IOException {
    List<Sample> samples = problems().stream().map(p -> sample(p, solution(p))).toList();
    List<Reward> rewards = score(samples);
    List<String> failed = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      if (!passed(rewards.get(i))) {
        failed.add(samples.get(i).id() + ": " + rewards.get(i));
      }
    }
    assertEquals(List.of(), failed);
    assertEquals(164, samples.size());
  }

  /**
   * One change from the middle of each solution. Where HumanEval's own tests do not notice that one
   * (run in plain Python, prompt and solution and tests in one file, it passes as well), the next.
   */
  @Test
  void aSlipInASolutionFails() throws IOException {
    List<Sample> samples = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    for (Map<String, Object> problem : problems()) {
      List<Mutant> mutants = Mutant.of(solution(problem));
      int middle = mutants.size() / 2;
      while (UNNOTICED.contains(problem.get("task_id") + " " + mutants.get(middle).change())) {
        middle = (middle + 1) % mutants.size();
      }
      samples.add(sample(problem, mutants.get(middle).body()));
      changes.add(mutants.get(middle).change());
    }
    List<Reward> rewards = score(samples);
    List<String> passed = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      if (passed(rewards.get(i))) {
        passed.add(samples.get(i).id() + " " + changes.get(i));
      }
    }
    assertEquals(List.of(), passed);
  }

  /**
   * Every change in every solution: {@code mvn -pl verify test -Dtest=HumanEvalTest
   * -Dgoodhart.mutants=all}.
   */
  @Test
  @EnabledIfSystemProperty(named = "goodhart.mutants", matches = "all")
  void everySlipIsListedThatTheTestsMiss() throws IOException {
    List<Sample> samples = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    for (Map<String, Object> problem : problems()) {
      for (Mutant mutant : Mutant.of(solution(problem))) {
        samples.add(sample(problem, mutant.body()));
        changes.add(mutant.change());
      }
    }
    List<Reward> rewards = score(samples);
    int missed = 0;
    for (int i = 0; i < samples.size(); i++) {
      if (passed(rewards.get(i))) {
        missed++;
        System.out.println(samples.get(i).id() + " " + changes.get(i));
      }
    }
    System.out.println(missed + " of " + samples.size() + " are missed");
  }

  /**
   * All solutions and their slips as rows to audit the signal on: {@code mvn -pl verify test
   * -Dtest=HumanEvalTest -Dgoodhart.mutants.file=mutants.jsonl}.
   */
  @Test
  @EnabledIfSystemProperty(named = "goodhart.mutants.file", matches = ".+")
  void theSolutionsAndTheirSlipsAreRowsForAnAudit() throws IOException {
    List<String> rows = new ArrayList<>();
    for (Map<String, Object> problem : problems()) {
      rows.add(row(problem, "canonical", solution(problem), true));
      for (Mutant mutant : Mutant.of(solution(problem))) {
        rows.add(row(problem, mutant.change(), mutant.body(), false));
      }
    }
    Files.write(Path.of(System.getProperty("goodhart.mutants.file")), rows);
  }

  private static String row(
      Map<String, Object> problem, String change, String response, boolean right) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", problem.get("task_id") + " " + change);
    row.put("prompt", problem.get("prompt"));
    row.put("response", response);
    row.put("entry_point", problem.get("entry_point"));
    row.put("test", problem.get("test"));
    row.put("is_correct", right);
    row.put("change", change.replaceFirst("line \\d+: ", ""));
    return Wire.JSON.writeValueAsString(row);
  }
}
