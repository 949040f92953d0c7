package dev.goodhart.lab.experiment;

import dev.goodhart.Group;
import dev.goodhart.Prompt;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.combine.Combine;
import dev.goodhart.combine.Part;
import dev.goodhart.combine.SqlPartialRewards;
import dev.goodhart.combine.SqlPartialRewards.Guard;
import dev.goodhart.combine.SqlPartialRewards.Weights;
import dev.goodhart.combine.Weighted;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.sql.Mistake;
import dev.goodhart.lab.sql.QueryFile;
import dev.goodhart.lab.sql.QuerySchema;
import dev.goodhart.lab.sql.QueryTask;
import dev.goodhart.lab.sql.TemplateQuery;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.Signal;
import dev.goodhart.verify.sql.Match;
import dev.goodhart.verify.sql.Sql;
import dev.goodhart.verify.text.Tags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * System 163, the part that needs no trained policy: does partial credit tell wrong queries apart
 * by how wrong they are, does it give an advantage where execution gives none, and does a wrong
 * query stay below a right one?
 *
 * <p><b>World.</b> Questions on a generated SQLite database, each with candidates that have from
 * none to five of the {@link Mistake}s in them, more often many than few, so that one in ten or so
 * gives the right result; one in three without a mistake is written in other words, one in ten is
 * out of format. Signals {@code sql} and {@code tags} score them as they score any response. The
 * judge is the share of the query's components that are right, one time in ten a random number.
 *
 * <p><b>Arms.</b> {@link SqlPartialRewards} with all parts and the published weights; execution
 * alone; the parts without execution; the overlap of the two results' rows.
 *
 * <p><b>Measure.</b> Kendall's tau-a between reward and the number of mistakes over the wrong
 * queries of a question, sign turned; the share of groups of eight in which not all advantages are
 * 0; the share of best-of-eight that are right where one is; the share of pairs of a right and a
 * wrong query in which the wrong one earns at least as much, also with execution raised to what the
 * guard asks for. Whether a policy trained with it becomes better than with execution alone waits
 * for policies that can be trained here.
 *
 * @param questions on one database
 * @param candidates for each, a multiple of eight
 */
public record SqlPartialCredit(int questions, int candidates) implements Experiment {
  public static final SqlPartialCredit DEFAULT = new SqlPartialCredit(40, 24);

  private static final int GROUP = 8;
  private static final int MOST = 5;
  private static final int[] WANTED = {0, 1, 2, 2, 3, 3, 4, 4, 5, 5};
  private static final String PUBLISHED = "all parts";
  private static final String GUARDED = "all parts, guarded";
  private static final String PARTS = "parts without execution";
  private static final String EXECUTION = "execution";
  private static final String OVERLAP = "row overlap";

  @Override
  public int system() {
    return 163;
  }

  @Override
  public String name() {
    return "sql-partial-credit";
  }

  @Override
  public String title() {
    return "Partial rewards for wrong queries of graded wrongness against execution alone, before"
        + " any policy is trained";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1004 were seen during"
        + " development.";
  }

  @Override
  public int seeds() {
    return 20;
  }

  @Override
  public Axis axis() {
    List<Double> points = new ArrayList<>();
    for (int k = 0; k <= MOST; k++) {
      points.add((double) k);
    }
    return new Axis("mistakes", points);
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "orders-wrong-queries",
            "all parts order wrong queries by their mistakes, execution alone does not",
            "tau " + PUBLISHED,
            "tau " + EXECUTION),
        Claim.above(
            "orders-them-better-than-overlap",
            "all parts order wrong queries better than the overlap of the rows does",
            "tau " + PUBLISHED,
            "tau " + OVERLAP),
        Claim.above(
            "more-groups-with-an-advantage",
            "with all parts more groups have an advantage at all than with execution alone",
            "groups " + PUBLISHED,
            "groups " + EXECUTION),
        Claim.above(
            "more-groups-than-overlap",
            "with all parts more groups have an advantage at all than with the overlap of the rows",
            "groups " + PUBLISHED,
            "groups " + OVERLAP),
        Claim.above(
            "execution-is-needed",
            "the best of eight by all parts is right more often than by the parts without"
                + " execution",
            "best " + PUBLISHED,
            "best " + PARTS),
        Claim.below(
            "execution-puts-right-above-wrong",
            "with execution a wrong query reaches a right one less often than without",
            "reached " + PUBLISHED,
            "reached " + PARTS),
        Claim.below(
            "guard-puts-right-above-wrong",
            "with execution at the guard's bound a wrong query reaches a right one less often than"
                + " with the published weights",
            "reached " + GUARDED,
            "reached " + PUBLISHED));
  }

  @Override
  public Experiment smoke() {
    return new SqlPartialCredit(6, 8);
  }

  /** A candidate's rewards by arm, and how many mistakes are in it. */
  private record Scores(int mistakes, boolean right, Map<String, Double> rewards) {}

  @Override
  public Outcome run(Seeds seeds) {
    QuerySchema schema = QuerySchema.draw(seeds.of("schema"));
    SplittableRandom random = seeds.of("candidates");
    SplittableRandom opinions = seeds.of("judge");
    List<List<Scores>> all = new ArrayList<>();
    try (QueryFile database = QueryFile.write(schema.script(seeds.of("rows")));
        Signal sql = Sql.of(database.folder(), Match.MULTISET).open()) {
      for (int x = 0; x < questions; x++) {
        all.add(question(QueryTask.draw(schema, random), database, sql, random, opinions));
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (String arm : List.of(PUBLISHED, GUARDED, PARTS, EXECUTION, OVERLAP)) {
      figures.put("tau " + arm, mean(all.stream().mapToDouble(q -> tau(q, arm)).toArray()));
      figures.put("groups " + arm, groups(all, arm));
      figures.put("best " + arm, best(all, arm));
      figures.put("reached " + arm, reached(all, arm));
      List<Double> curve = new ArrayList<>();
      for (int k = 0; k <= MOST; k++) {
        int mistakes = k;
        curve.add(
            mean(
                all.stream()
                    .flatMap(List::stream)
                    .filter(s -> s.mistakes == mistakes)
                    .mapToDouble(s -> s.rewards.getOrDefault(arm, 0.0))
                    .toArray()));
      }
      curves.put(arm, curve);
    }
    return new Outcome(figures, curves);
  }

  private List<Scores> question(
      QueryTask task,
      QueryFile database,
      Signal sql,
      SplittableRandom random,
      SplittableRandom opinions) {
    List<Sample> samples = new ArrayList<>();
    List<Integer> mistakes = new ArrayList<>();
    List<Double> judged = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      TemplateQuery query = task.gold();
      int wanted = WANTED[random.nextInt(WANTED.length)];
      int made = 0;
      for (Mistake mistake : shuffled(random)) {
        if (made < wanted && mistake != Mistake.BROKEN) {
          Optional<TemplateQuery> changed = mistake.in(query, random);
          query = changed.orElse(query);
          made += changed.isPresent() ? 1 : 0;
        }
      }
      if (made > 0 && random.nextInt(6) == 0) {
        query = Mistake.BROKEN.in(query, random).orElseThrow();
      }
      boolean reworded = !query.broken() && random.nextInt(3) == 0;
      String text = reworded ? query.rewritten() : query.sql();
      String answer = "<answer>" + text + "</answer>";
      String response = random.nextInt(10) == 0 ? answer : "<think>so</think>" + answer;
      samples.add(
          new Sample(
              "",
              Prompt.of(task.question()),
              response,
              task.gold().sql(),
              Map.of("db_id", database.name())));
      mistakes.add(made);
      judged.add(
          opinions.nextInt(10) == 0 ? opinions.nextDouble() : query.agreement(task.gold()) / 7.0);
    }
    Map<String, Combine> arms = arms();
    Tags tags = new Tags();
    List<Reward> ran = sql.of(samples);
    List<Scores> scores = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      Reward result = ran.get(i);
      if (!(result instanceof Scored match)) {
        throw new IllegalStateException(result.toString());
      }
      Map<String, Reward> parts = new LinkedHashMap<>(match.parts());
      parts.put("sql", match);
      parts.put("format", tags.of(samples.get(i)));
      parts.put("judge", Reward.of(judged.get(i)));
      Map<String, Double> rewards = new LinkedHashMap<>();
      arms.forEach((arm, combine) -> rewards.put(arm, value(combine.of(parts))));
      scores.add(new Scores(mistakes.get(i), match.value() == 1, rewards));
    }
    return scores;
  }

  private static Map<String, Combine> arms() {
    Map<String, Combine> arms = new LinkedHashMap<>();
    Weights w = Weights.PUBLISHED;
    double bound = w.judge() + w.schema() + w.bigrams() + w.format();
    arms.put(PUBLISHED, partial(w));
    arms.put(
        GUARDED,
        partial(new Weights(bound, w.judge(), w.schema(), w.bigrams(), w.syntax(), w.format())));
    // The judge speaks on right queries too: without execution nobody knows which they are.
    arms.put(
        PARTS,
        new Weighted(
            Map.of(
                "judge", w.judge(),
                "schema", w.schema(),
                "bigrams", w.bigrams(),
                "executes", w.syntax(),
                "format", w.format())));
    arms.put(EXECUTION, new Part("sql"));
    arms.put(OVERLAP, new Part("overlap"));
    return arms;
  }

  private static Combine partial(Weights weights) {
    return new SqlPartialRewards(
        "sql", Optional.of("format"), Optional.of("judge"), weights, Guard.OFF);
  }

  private static List<Mistake> shuffled(SplittableRandom random) {
    List<Mistake> all = new ArrayList<>(Arrays.asList(Mistake.values()));
    java.util.Collections.shuffle(all, new java.util.Random(random.nextLong()));
    return all;
  }

  private static double value(Reward reward) {
    if (reward instanceof Scored scored) {
      return scored.value();
    }
    throw new IllegalStateException(reward.toString());
  }

  /** Kendall's tau-a of fewer mistakes with more reward over the wrong queries; 0 without pairs. */
  private static double tau(List<Scores> question, String arm) {
    List<Scores> wrong = question.stream().filter(s -> !s.right).toList();
    double agree = 0;
    int pairs = 0;
    for (int i = 0; i < wrong.size(); i++) {
      for (int j = 0; j < i; j++) {
        int fewer = Integer.compare(wrong.get(j).mistakes, wrong.get(i).mistakes);
        if (fewer != 0) {
          agree += fewer * Math.signum(reward(wrong.get(i), arm) - reward(wrong.get(j), arm));
          pairs++;
        }
      }
    }
    return pairs == 0 ? 0 : agree / pairs;
  }

  private static double reward(Scores scores, String arm) {
    return scores.rewards.getOrDefault(arm, 0.0);
  }

  private static List<List<Scores>> groups(List<List<Scores>> questions) {
    List<List<Scores>> groups = new ArrayList<>();
    for (List<Scores> question : questions) {
      for (int from = 0; from + GROUP <= question.size(); from += GROUP) {
        groups.add(question.subList(from, from + GROUP));
      }
    }
    return groups;
  }

  private static double groups(List<List<Scores>> questions, String arm) {
    var grpo = new GroupNormalised(1e-6);
    return mean(
        groups(questions).stream()
            .mapToDouble(
                group -> {
                  List<Reward> rewards = new ArrayList<>();
                  group.forEach(s -> rewards.add(Reward.of(reward(s, arm))));
                  double[] advantages =
                      grpo.of(
                              new Group(
                                  java.util.Collections.nCopies(GROUP, Sample.of("p", "r")),
                                  rewards))
                          .values();
                  return Arrays.stream(advantages).anyMatch(a -> a != 0) ? 1 : 0;
                })
            .toArray());
  }

  /** How often the first of the best is right, over the groups that hold a right one. */
  private static double best(List<List<Scores>> questions, String arm) {
    List<Double> right = new ArrayList<>();
    for (List<Scores> group : groups(questions)) {
      if (group.stream().anyMatch(Scores::right)) {
        Scores best = group.getFirst();
        for (Scores s : group) {
          best = reward(s, arm) > reward(best, arm) ? s : best;
        }
        right.add(best.right ? 1.0 : 0.0);
      }
    }
    return mean(right.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double reached(List<List<Scores>> questions, String arm) {
    double reached = 0;
    int pairs = 0;
    for (List<Scores> question : questions) {
      for (Scores right : question) {
        for (Scores wrong : question) {
          if (right.right && !wrong.right) {
            reached += reward(wrong, arm) >= reward(right, arm) ? 1 : 0;
            pairs++;
          }
        }
      }
    }
    return pairs == 0 ? 0 : reached / pairs;
  }

  private static double mean(double[] values) {
    return values.length == 0 ? 0 : Arrays.stream(values).sum() / values.length;
  }
}
