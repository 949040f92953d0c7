package dev.goodhart.curate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * GradeSQL's training labels for an outcome reward model: which of a question's sampled queries are
 * right, by executing them.
 *
 * <ul>
 *   <li>right: it returns rows (execution score 1), the same ones as the reference
 *   <li>wrong: it runs (execution score 1/2 or 1) and its result is another
 *   <li>left out: it fails, or it returns nothing and so does the reference, which shows little
 * </ul>
 *
 * A question without one of both kinds is left out, and so is one whose reference fails: pass no
 * candidates for it. The same text counts once: a duplicate teaches nothing and tips the balance.
 *
 * @param balanced whether of the more frequent kind only as many are kept, drawn at random, as
 *     there are of the other
 */
public record OutcomeLabels(boolean balanced) {
  /**
   * A sampled query with what came of it.
   *
   * @param grade the execution score: 0, 1/2 or 1
   * @param matches whether its result is the reference's
   */
  public record Candidate(String sql, double grade, boolean matches) {}

  /** A query of the training set. */
  public record Labelled(Candidate candidate, boolean right) {}

  /** The labelled queries of one question; empty if it is left out. */
  public List<Labelled> of(List<Candidate> candidates, SplittableRandom random) {
    List<Labelled> right = new ArrayList<>();
    List<Labelled> wrong = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Candidate c : candidates) {
      if (!seen.add(c.sql())) {
        continue;
      }
      if (c.grade() == 1 && c.matches()) {
        right.add(new Labelled(c, true));
      } else if (c.grade() >= 0.5 && !c.matches()) {
        wrong.add(new Labelled(c, false));
      }
    }
    if (right.isEmpty() || wrong.isEmpty()) {
      return List.of();
    }
    int kept = balanced ? Math.min(right.size(), wrong.size()) : Integer.MAX_VALUE;
    List<Labelled> labels = new ArrayList<>(some(right, kept, random));
    labels.addAll(some(wrong, kept, random));
    return labels;
  }

  private static List<Labelled> some(List<Labelled> all, int kept, SplittableRandom random) {
    if (all.size() > kept) {
      Collections.shuffle(all, new Random(random.nextLong()));
    }
    return all.subList(0, Math.min(kept, all.size()));
  }
}
