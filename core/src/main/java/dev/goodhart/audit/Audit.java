package dev.goodhart.audit;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.run.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Measures a reward, or several side by side, against what is known of the responses' merit. What
 * is asked depends on what the data can answer; every figure has its interval and stands beside
 * what a rule that knows nothing but the length achieves.
 *
 * <p>A use from the library:
 *
 * <pre>{@code
 * AuditData.Read read = AuditData.plain().read(Dataset.open(file));
 * Audit audit = Audit.ofScorer(read, "helpful", scorer::score, false, Bootstrap.of(1), 1000, Progress.NONE);
 * audit.chapters() ...
 * }</pre>
 *
 * @param chapters what was measured, in the order in which a reader should meet it
 */
public record Audit(List<Chapter> chapters) {
  private static final int BATCH = 512;

  public Audit {
    chapters = List.copyOf(chapters);
  }

  /** All findings, the worst first, otherwise in the chapters' order. */
  public List<Finding> findings() {
    return chapters.stream()
        .flatMap(c -> c.findings().stream())
        .sorted(Comparator.comparing(Finding::level).reversed())
        .toList();
  }

  /**
   * Audits a reward that can be asked: it scores all responses, and edited ones too.
   *
   * @param name of the reward in tables
   * @param scorer rewards a batch, in its order
   * @param withTraining whether rows that the reward was fitted on were kept, so that its figures
   *     flatter it
   * @param most how many responses are edited, at most; 0 leaves the edits out
   */
  public static Audit ofScorer(
      AuditData.Read read,
      String name,
      Function<List<Sample>, List<Reward>> scorer,
      boolean withTraining,
      Bootstrap bootstrap,
      int most,
      Progress progress) {
    AuditSet set = nonEmpty(read.set());
    List<Reward> rewards = new ArrayList<>(set.size());
    progress.start("scoring responses", set.size());
    for (int from = 0; from < set.size(); from += BATCH) {
      int to = Math.min(from + BATCH, set.size());
      rewards.addAll(scorer.apply(set.samples().subList(from, to)));
      progress.advance(to - from);
    }
    progress.done();
    Scores scores = scored(Scores.of(name, rewards));
    List<Chapter> chapters = single(read, scores, withTraining, bootstrap, progress);
    if (most > 0 && set.hasTexts()) {
      chapters.add(
          afterAccuracy(chapters), Robustness.of(set, scores, scorer, most, bootstrap, progress));
    }
    return new Audit(chapters);
  }

  /** Audits ready-made scores: one reward by itself, several side by side and as ensembles. */
  public static Audit ofScores(
      AuditData.Read read,
      List<ReadyScores> files,
      List<Aggregate> aggregates,
      Bootstrap bootstrap,
      Progress progress) {
    AuditSet set = nonEmpty(read.set());
    List<Scores> singles = new ArrayList<>();
    List<Scores> members = new ArrayList<>();
    for (ReadyScores file : files) {
      List<Scores> scores = file.of(set, aggregates);
      scores.forEach(Audit::scored);
      singles.addAll(scores);
      // Of a process model's aggregates one enters an ensemble: the weakest step, where it is among
      // them.
      int minimum = aggregates.indexOf(Aggregate.MIN);
      members.add(scores.size() == 1 || minimum < 0 ? scores.getFirst() : scores.get(minimum));
    }
    if (singles.size() == 1) {
      return new Audit(single(read, singles.getFirst(), false, bootstrap, progress));
    }
    List<Scores> ensembles = Ensembles.of(members);
    List<Scores> all = new ArrayList<>(singles);
    progress.start("comparing rewards", 4);
    List<Chapter> chapters = new ArrayList<>();
    chapters.add(SideBySide.of(set, singles, members, ensembles, bootstrap));
    progress.advance(1);
    if (hasBestOfN(set)) {
      chapters.add(OverOptimisation.of(set, goldName(set), singles, members, ensembles, bootstrap));
    }
    progress.advance(1);
    if (AnnotatorCeiling.isKnown(set)) {
      for (Scores scores : singles) {
        chapters.add(AnnotatorCeiling.of(set, scores, bootstrap));
      }
    }
    progress.advance(1);
    if (!ensembles.isEmpty() && !set.comparisons().isEmpty()) {
      chapters.add(Disagreement.of(set, ensembles.getFirst(), bootstrap));
    }
    progress.done();
    all.addAll(ensembles);
    chapters.add(Coverage.of(read, all, false));
    return new Audit(chapters);
  }

  /**
   * Audits verifiers against a truth: how often each is wrong, on what, how they differ from one
   * another, and what a check costs.
   *
   * @param verifiers reward a batch, in its order, by name
   * @param combined what the spec makes of the verifiers' rewards; null where there is nothing to
   *     combine
   * @param threshold a reward of at least this accepts
   */
  public static Audit ofVerifiers(
      VerifierTruth truth,
      Map<String, Function<List<Sample>, List<Reward>>> verifiers,
      @Nullable Function<Map<String, Reward>, Reward> combined,
      double threshold,
      boolean withTraining,
      Bootstrap bootstrap,
      Progress progress) {
    AuditSet set = nonEmpty(truth.read().set());
    List<Verified> verified = new ArrayList<>();
    progress.start("checking", (long) set.size() * verifiers.size());
    verifiers.forEach(
        (name, verifier) -> {
          long start = System.nanoTime();
          List<Reward> rewards = new ArrayList<>(set.size());
          for (int from = 0; from < set.size(); from += BATCH) {
            int to = Math.min(from + BATCH, set.size());
            rewards.addAll(verifier.apply(set.samples().subList(from, to)));
            progress.advance(to - from);
          }
          double millis = (System.nanoTime() - start) / 1e6 / set.size();
          scored(Scores.of(name, rewards));
          verified.add(new Verified(name, rewards, threshold, millis));
        });
    progress.done();
    if (combined != null) {
      verified.add(combined(verified, combined, threshold));
    }
    progress.start("measuring", -1);
    List<Chapter> chapters = new ArrayList<>();
    chapters.add(VerifierErrors.of(truth, verified, bootstrap));
    chapters.add(VerifierGroups.of(truth, verified, bootstrap));
    if (verified.size() > 1) {
      chapters.add(VerifierDifferences.of(truth, verified, bootstrap));
    }
    chapters.add(VerifierMistakes.of(truth, verified));
    List<Scores> all = verified.stream().map(v -> Scores.of(v.name(), v.rewards())).toList();
    chapters.add(Coverage.of(truth.read(), all, withTraining));
    progress.done();
    return new Audit(chapters);
  }

  /**
   * Audits what training did to a policy: two checkpoints' responses to the same prompts, of which
   * it is known whether they are right.
   *
   * @param answers whether the truths' groups are the responses' answers, to be told apart
   */
  public static Audit ofCheckpoints(
      VerifierTruth before, VerifierTruth after, boolean answers, Bootstrap bootstrap) {
    nonEmpty(before.read().set());
    nonEmpty(after.read().set());
    List<Chapter> chapters = new ArrayList<>();
    Chapter support = CheckpointSupport.of(before, after, answers, bootstrap);
    chapters.add(support);
    AuditSet was = before.read().set();
    AuditSet is = after.read().set();
    if (was.hasTexts() && is.hasTexts() && was.size() > 1 && is.size() > 1) {
      chapters.add(KindOfHack.of(was, is, support.findings()));
    }
    return new Audit(chapters);
  }

  /** The spec's own reward, which costs what its verifiers cost. */
  private static Verified combined(
      List<Verified> parts, Function<Map<String, Reward>, Reward> combine, double threshold) {
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < parts.getFirst().rewards().size(); i++) {
      Map<String, Reward> sample = new LinkedHashMap<>();
      for (Verified part : parts) {
        sample.put(part.name(), part.rewards().get(i));
      }
      rewards.add(combine.apply(sample));
    }
    double millis = parts.stream().mapToDouble(Verified::millis).sum();
    return new Verified("the spec's reward", rewards, threshold, millis);
  }

  private static List<Chapter> single(
      AuditData.Read read,
      Scores scores,
      boolean withTraining,
      Bootstrap bootstrap,
      Progress progress) {
    AuditSet set = read.set();
    List<Chapter> chapters = new ArrayList<>();
    progress.start("measuring", -1);
    if (!set.oneOfMany().isEmpty()) {
      chapters.add(OneOfMany.of(set, scores, bootstrap));
    }
    boolean single = set.hasLabels() && set.oneOfMany().isEmpty();
    if (single) {
      chapters.add(LabelAccuracy.of(set, scores, bootstrap));
    }
    if (!set.comparisons().isEmpty()) {
      chapters.add(PairAccuracy.of(set, scores, bootstrap));
      if (AnnotatorCeiling.isKnown(set)) {
        chapters.add(AnnotatorCeiling.of(set, scores, bootstrap));
      }
    }
    if (single) {
      chapters.add(Calibration.ofLabels(set, scores, bootstrap));
    } else if (!set.comparisons().isEmpty()) {
      chapters.add(Calibration.ofPairs(set, scores, bootstrap));
    }
    if (set.hasTexts() && !set.comparisons().isEmpty()) {
      chapters.add(LengthAndFormat.of(set, scores, bootstrap));
    }
    if (!set.comparisons().isEmpty() && Disagreement.isKnown(scores)) {
      chapters.add(Disagreement.of(set, scores, bootstrap));
    }
    if (hasBestOfN(set)) {
      List<Scores> members = members(scores);
      List<Scores> ensembles = Ensembles.of(members);
      List<Scores> all = new ArrayList<>(List.of(scores));
      all.addAll(members);
      chapters.add(OverOptimisation.of(set, goldName(set), all, members, ensembles, bootstrap));
    }
    progress.done();
    chapters.add(Coverage.of(read, List.of(scores), withTraining));
    return chapters;
  }

  /** The members of an ensemble as rewards of their own. */
  private static List<Scores> members(Scores scores) {
    List<Scores> members = new ArrayList<>();
    for (double[] member : scores.members()) {
      members.add(Scores.of("member " + (members.size() + 1), member));
    }
    return members;
  }

  private static boolean hasBestOfN(AuditSet set) {
    return (set.hasGold() || set.hasLabels())
        && set.promptCount() > 1
        && set.byPrompt().stream().anyMatch(g -> g.length > 2);
  }

  private static String goldName(AuditSet set) {
    return set.hasLabels() ? "share right" : "gold reward";
  }

  private static int afterAccuracy(List<Chapter> chapters) {
    for (int i = 0; i < chapters.size(); i++) {
      if (chapters.get(i) instanceof LengthAndFormat) {
        return i + 1;
      }
    }
    return chapters.size() - 1;
  }

  private static AuditSet nonEmpty(AuditSet set) {
    if (set.size() == 0) {
      throw new GoodhartException(
          "audit: the data has no responses to judge; for rows of which only scores are known say"
              + " which response is right, with --correct INDEX");
    }
    return set;
  }

  private static Scores scored(Scores scores) {
    int missing = scores.unscored().values().stream().mapToInt(Integer::intValue).sum();
    if (missing == scores.size()) {
      throw new GoodhartException(
          "audit: "
              + scores.name()
              + " has no reward for any of the "
              + scores.size()
              + " responses: "
              + String.join(", ", scores.unscored().keySet()));
    }
    return scores;
  }
}
