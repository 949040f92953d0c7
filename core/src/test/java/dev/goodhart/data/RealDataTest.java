package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.Preference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published files; the counts were taken with a few lines of Python, not with this reader. */
class RealDataTest {
  @ParameterizedTest
  @CsvSource({
    "hh-harmless/test.jsonl.gz, implicit-preference, 2312, 4, 2308",
    "alpaca-eval/responses.jsonl.gz, ratings, 17707, 24, 17683",
    "gsm8k/example_model_solutions.jsonl.gz, solutions, 1319, 0, 5276",
    "gsm8k/test.jsonl.gz, question-answer, 1319, 0, 1319",
    "pandalm/testset.jsonl.gz, comparison, 999, 54, 945",
    "llmbar/natural.jsonl.gz, comparison, 100, 0, 100",
    "humaneval/HumanEval.jsonl.gz, prompt-only, 164, 0, 164",
    "rewardmath/problems.jsonl.gz, prompt-only, 483, 0, 483",
    "sql-eval/questions_gen_sqlite.csv, prompt-only, 210, 0, 210",
  })
  void publishedFilesAreRecognised(String name, String layout, int rows, int bad, int examples) {
    Dataset data = Dataset.open(SharedData.file(name), Reading.DEFAULT.skippingTo(null));
    assertEquals(layout, data.layout().id());
    int read = 0;
    try (Entries entries = data.entries()) {
      while (entries.hasNext()) {
        if (entries.next() instanceof Entry.Good good) {
          read += good.examples().size();
        }
      }
      assertEquals(rows, entries.count());
      assertEquals(bad, entries.bad());
    }
    assertEquals(examples, read);
  }

  /**
   * The prompt of an Anthropic pair ends before an answer, and the answers hold no further turn of
   * the user.
   */
  @Test
  void transcriptsPartAtTheLastAnswer() {
    Dataset data =
        Dataset.open(
            SharedData.file("hh-harmless/test.jsonl.gz"), Reading.DEFAULT.skippingTo(null));
    List<Preference> pairs = data.preferences().toList();
    for (Preference p : pairs) {
      assertEquals("user", p.prompt().messages().getLast().role());
      assertTrue(!p.chosen().contains("\n\nHuman:") && !p.rejected().contains("\n\nHuman:"));
    }
  }
}
