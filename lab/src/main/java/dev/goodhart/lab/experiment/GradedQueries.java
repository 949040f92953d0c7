package dev.goodhart.lab.experiment;

import dev.goodhart.combine.ExecutionGraded;
import dev.goodhart.curate.OutcomeLabels;
import dev.goodhart.curate.OutcomeLabels.Candidate;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.lab.sql.Mistake;
import dev.goodhart.lab.sql.QueryOutcomeModel;
import dev.goodhart.lab.sql.QueryOutcomeModel.Example;
import dev.goodhart.lab.sql.QueryResults;
import dev.goodhart.lab.sql.QueryResults.Result;
import dev.goodhart.lab.sql.QuerySchema;
import dev.goodhart.lab.sql.QueryTask;
import dev.goodhart.lab.sql.TemplateQuery;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * System 128: does an outcome reward model that was trained on executions choose better among
 * candidate queries than the first that runs well, and than the majority of the results?
 *
 * <p><b>World.</b> Generated schemas with questions; half of the schemas train, the others test. A
 * policy's candidates for a question are right with probability 0.45 and have one or two {@link
 * Mistake}s otherwise; on a third of the questions it is right with probability 0.25 and makes one
 * and the same mistake with 0.45. Half of the candidates are written in other words. A candidate is
 * right if it has the reference's result on the schema's database and on a second one with other
 * rows, which nobody but the measure sees.
 *
 * <p><b>Method.</b> {@link OutcomeLabels} on the training schemas; {@link QueryOutcomeModel}; the
 * candidate with the highest {@link ExecutionGraded#score}. <b>Baselines.</b> The first candidate
 * of the best execution score (ex-BoN); one from the largest group of equal results (Maj). Any
 * right one (pass@n) bounds them all.
 *
 * <p>The authors' model is a language model with seven billion weights and more that sees question,
 * schema and SQL; this one is linear and sees the result too. What is put to the test is the
 * recipe.
 *
 * <p><b>Measure.</b> The share of test questions whose chosen candidate is right, among the first
 * n.
 *
 * @param schemas half of them for training
 * @param training questions on each that trains
 * @param questions on each that tests
 * @param candidates for each
 * @param passes over the training labels
 * @param balanced whether the labels are, half right and half wrong
 */
public record GradedQueries(
    int schemas, int training, int questions, int candidates, int passes, boolean balanced)
    implements Experiment {
  public static final GradedQueries DEFAULT = new GradedQueries(20, 40, 15, 32, 5, true);

  private static final int[] NS = {1, 2, 4, 8, 16, 32};
  private static final List<String> ARMS = List.of("first", "majority", "orm", "any");

  @Override
  public int system() {
    return 128;
  }

  @Override
  public String name() {
    return "graded-queries";
  }

  @Override
  public String title() {
    return "Best-of-n over queries by a linear outcome reward model against the first that runs and"
        + " against the majority, on schemas it has not seen";
  }

  @Override
  public String tuning() {
    return "Keywords without punctuation and 40 training questions a schema in place of 15, of 5"
        + " and 15 passes and of balanced and all labels the first ones, were chosen with"
        + " seeds 1001 to 1004.";
  }

  @Override
  public Axis axis() {
    return new Axis("n", Arrays.stream(NS).mapToObj(n -> (double) n).toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "orm-over-first",
            "at n = 32 the model's choice is right more often than the first that runs well",
            "orm 32",
            "first 32"),
        Claim.above(
            "orm-over-majority",
            "at n = 32 the model's choice is right more often than the majority's",
            "orm 32",
            "majority 32"),
        Claim.above(
            "orm-grows-more",
            "from n = 4 to n = 32 the model's choice gains more than the first that runs well does",
            "orm growth",
            "first growth"),
        Claim.above(
            "orm-grows-on",
            "the model's choice is right more often at n = 32 than at n = 8",
            "orm 32",
            "orm 8"),
        Claim.below(
            "orm-below-any",
            "at n = 32 the model misses some of the right candidates that there are",
            "orm 32",
            "any 32"));
  }

  @Override
  public Experiment smoke() {
    return new GradedQueries(4, 4, 4, 32, 2, balanced);
  }

  @Override
  public Outcome run(Seeds seeds) {
    List<Example> examples = new ArrayList<>();
    Map<String, double[]> right = new LinkedHashMap<>();
    ARMS.forEach(arm -> right.put(arm, new double[NS.length]));
    QueryOutcomeModel model = new QueryOutcomeModel();
    SplittableRandom labels = seeds.of("labels");
    for (int s = 0; s < schemas; s++) {
      boolean isTraining = s < schemas / 2;
      if (s == schemas / 2) {
        model.train(examples, passes, seeds.of("order"));
      }
      QuerySchema schema = QuerySchema.draw(seeds.of("schema", s));
      SplittableRandom random = seeds.of("candidates", s);
      try (QueryResults seen = new QueryResults(schema.script(seeds.of("rows", s)));
          QueryResults other = new QueryResults(schema.script(seeds.of("other rows", s)))) {
        for (int x = 0; x < (isTraining ? training : questions); x++) {
          QueryTask task = QueryTask.draw(schema, random);
          List<String> drawn = draw(task, random);
          if (isTraining) {
            examples.addAll(examples(task, drawn, seen, labels));
          } else {
            measure(task, drawn, seen, other, model, right);
          }
        }
      }
    }
    double tested = (schemas - schemas / 2) * questions;
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    right.forEach(
        (arm, counts) -> {
          curves.put(arm, Arrays.stream(counts).map(c -> c / tested).boxed().toList());
          figures.put(arm + " 32", counts[5] / tested);
          figures.put(arm + " 8", counts[3] / tested);
          figures.put(arm + " growth", (counts[5] - counts[2]) / tested);
        });
    return new Outcome(figures, curves);
  }

  /** A policy's candidates for a question, as SQL. */
  private List<String> draw(QueryTask task, SplittableRandom random) {
    boolean isHard = random.nextInt(3) == 0;
    TemplateQuery favourite = wrong(task.gold(), 1, random);
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      double u = random.nextDouble();
      TemplateQuery query =
          u < (isHard ? 0.25 : 0.45)
              ? task.gold()
              : isHard && u < 0.7 ? favourite : wrong(task.gold(), 1 + random.nextInt(2), random);
      drawn.add(query.broken() || random.nextBoolean() ? query.sql() : query.rewritten());
    }
    return drawn;
  }

  private static TemplateQuery wrong(TemplateQuery gold, int mistakes, SplittableRandom random) {
    Mistake[] all = Mistake.values();
    TemplateQuery query = gold;
    for (int made = 0; made < mistakes; ) {
      Optional<TemplateQuery> changed = all[random.nextInt(all.length)].in(query, random);
      query = changed.orElse(query);
      made += changed.isPresent() ? 1 : 0;
    }
    return query;
  }

  private static double grade(Result result) {
    return ExecutionGraded.grade(result.executes(), result.rows().size());
  }

  private List<Example> examples(
      QueryTask task, List<String> drawn, QueryResults seen, SplittableRandom labels) {
    Result gold = seen.of(task.gold().sql());
    List<Candidate> candidates = new ArrayList<>();
    for (String sql : drawn) {
      Result result = seen.of(sql);
      candidates.add(new Candidate(sql, grade(result), result.equals(gold)));
    }
    return new OutcomeLabels(balanced)
        .of(candidates, labels).stream()
            .map(
                l ->
                    new Example(
                        QueryOutcomeModel.features(
                            task.question(),
                            task.gold().schema(),
                            l.candidate().sql(),
                            seen.of(l.candidate().sql())),
                        l.right()))
            .toList();
  }

  private static void measure(
      QueryTask task,
      List<String> drawn,
      QueryResults seen,
      QueryResults other,
      QueryOutcomeModel model,
      Map<String, double[]> right) {
    int n = drawn.size();
    String gold = task.gold().sql();
    boolean[] isRight = new boolean[n];
    double[] grades = new double[n];
    double[] scores = new double[n];
    List<Result> results = new ArrayList<>();
    Map<String, Double> known = new HashMap<>();
    for (int i = 0; i < n; i++) {
      String sql = drawn.get(i);
      Result result = seen.of(sql);
      results.add(result);
      isRight[i] = result.equals(seen.of(gold)) && other.of(sql).equals(other.of(gold));
      grades[i] = grade(result);
      double logOdds =
          known.computeIfAbsent(
              sql,
              text ->
                  model.logOdds(
                      QueryOutcomeModel.features(
                          task.question(), task.gold().schema(), text, result)));
      scores[i] = ExecutionGraded.score(grades[i], logOdds);
    }
    for (int k = 0; k < NS.length; k++) {
      int first = Math.min(NS[k], n);
      count(right, "first", k, isRight[best(grades, first)]);
      count(right, "majority", k, isRight[majority(results, first)]);
      count(right, "orm", k, isRight[best(scores, first)]);
      boolean any = false;
      for (int i = 0; i < first; i++) {
        any |= isRight[i];
      }
      count(right, "any", k, any);
    }
  }

  private static void count(Map<String, double[]> right, String arm, int k, boolean isRight) {
    right.computeIfAbsent(arm, a -> new double[NS.length])[k] += isRight ? 1 : 0;
  }

  /** The first of the largest among the first n. */
  static int best(double[] scores, int n) {
    int best = 0;
    for (int i = 1; i < n; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** The first of the largest group of equal results among those of the first n that run. */
  static int majority(List<Result> results, int n) {
    Map<Result, Integer> sizes = new HashMap<>();
    for (int i = 0; i < n; i++) {
      if (results.get(i).executes()) {
        sizes.merge(results.get(i), 1, Integer::sum);
      }
    }
    int best = 0;
    for (int i = 1; i < n; i++) {
      if (sizes.getOrDefault(results.get(i), 0) > sizes.getOrDefault(results.get(best), 0)) {
        best = i;
      }
    }
    return best;
  }
}
