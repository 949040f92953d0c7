package dev.goodhart.audit;

import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.util.List;
import java.util.Map;

/** Small sets to audit. */
final class Sets {
  static final double NONE = Double.NaN;

  static Sample sample(String prompt, String response) {
    return new Sample("", Prompt.of(prompt), response, null, Map.of());
  }

  /** One pair a prompt, {@code {chosen, rejected}}: responses 2i and 2i + 1. */
  static AuditSet pairs(String[]... texts) {
    AuditSet set = new AuditSet();
    for (int i = 0; i < texts.length; i++) {
      int chosen = set.add("row" + i, sample("prompt " + i, texts[i][0]), NONE, NONE);
      int rejected = set.add("row" + i, sample("prompt " + i, texts[i][1]), NONE, NONE);
      set.add(new AuditSet.Comparison(chosen, rejected));
    }
    return set;
  }

  /** Pairs whose responses have these lengths, {@code {chosen, rejected}}. */
  static AuditSet pairs(int[]... lengths) {
    String[][] texts = new String[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      texts[i] = new String[] {"c".repeat(lengths[i][0]), "r".repeat(lengths[i][1])};
    }
    return pairs(texts);
  }

  /** Rows of n responses without texts, the first one right. */
  static AuditSet oneOfMany(int rows, int n) {
    AuditSet set = new AuditSet();
    set.withoutTexts();
    for (int r = 0; r < rows; r++) {
      int[] wrong = new int[n - 1];
      int right = set.add("row" + r, sample("", ""), 1, 1);
      for (int i = 1; i < n; i++) {
        wrong[i - 1] = set.add("row" + r, sample("", ""), 0, 0);
      }
      set.addOneOfMany(right, wrong);
    }
    return set;
  }

  /** Responses judged one by one, each to the prompt of its number. */
  static AuditSet labelled(int[] prompts, double... labels) {
    AuditSet set = new AuditSet();
    for (int i = 0; i < labels.length; i++) {
      set.add("row" + i, sample("prompt " + prompts[i], "response " + i), labels[i], NONE);
    }
    set.compareWithinPrompts();
    return set;
  }

  static AuditData.Read read(AuditSet set) {
    return new AuditData.Read(set, Map.of(), set.byRow().size(), 0, 0, 0, 0);
  }

  static Bootstrap bootstrap() {
    return new Bootstrap(200, 0.95, 1);
  }

  static List<String> keys(Audit audit) {
    return audit.chapters().stream().map(Chapter::key).toList();
  }

  private Sets() {}
}
