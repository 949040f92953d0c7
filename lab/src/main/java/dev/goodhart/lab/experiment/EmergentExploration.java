package dev.goodhart.lab.experiment;

import dev.goodhart.explore.RecurringBlocks;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * System 176: does an agent that only ever takes what it values most explore, where tasks recur, it
 * remembers, and later pulls count?
 *
 * <p><b>Worlds.</b> Bandits whose arm means are drawn anew for each block of pulls: two unknown
 * arms and a safe one of 0.55; three unknown arms. <b>Method.</b> A table of values of (what the
 * last pulls of the block showed, pulls left, arm), learnt from blocks played at random, then
 * played by its maximum, without any bonus. <b>Baselines.</b> The same without recurrence (blocks
 * of one pull, as many pulls in all), without memory, without credit across pulls, and both on a
 * tenth of the blocks; and the exact plan. Without memory there is no count of pulls either, so
 * what is left is the mean of each arm.
 *
 * <p>Besides, exactly: a maze of four corridors, one of which holds the goal for the whole block of
 * episodes, beside an exit that pays less at once.
 *
 * @param pulls a block
 * @param blocks that are learnt from
 * @param played blocks that are measured
 * @param discount of later pulls
 * @param safe mean of the safe arm
 */
public record EmergentExploration(int pulls, int blocks, int played, double discount, double safe)
    implements Experiment {
  public static final EmergentExploration DEFAULT =
      new EmergentExploration(10, 30_000, 5_000, 0.9, 0.55);

  private static final int EARLY = 5;

  /**
   * An agent's conditions.
   *
   * @param unknown arms
   * @param safe mean of one more; below 0 for none
   * @param memory how many of the last pulls it sees
   * @param blocks of as many pulls as the world's that it learns from
   */
  private record Agent(
      int unknown, double safe, int pulls, int memory, double discount, int blocks) {
    int arms() {
      return safe >= 0 ? unknown + 1 : unknown;
    }
  }

  /** Sums of targets and how many, by arm. */
  private record Value(double[] sums, int[] counts) {
    double of(int arm) {
      return counts[arm] == 0 ? Double.NEGATIVE_INFINITY : sums[arm] / counts[arm];
    }
  }

  private record Played(double reward, double sacrifice, double distinct, double[] byPull) {}

  @Override
  public int system() {
    return 176;
  }

  @Override
  public String name() {
    return "emergent-exploration";
  }

  @Override
  public String title() {
    return "What an agent tries that never does but what it values most, with and without"
        + " recurrence, memory and credit across pulls";
  }

  @Override
  public String tuning() {
    return "Arms, block length, memory and discount were given beforehand; that the agent without"
        + " credit is also tried on a tenth of the blocks was decided under seeds 1001 to 1010.";
  }

  @Override
  public Axis axis() {
    return new Axis("pull", IntStream.rangeClosed(1, pulls).mapToObj(t -> (double) t).toList());
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "recurrence",
            "beside a safe arm it earns more a pull than without recurrence",
            "all reward",
            "one pull reward"),
        Claim.above("memory", "and more than without memory", "all reward", "no memory reward"),
        Claim.above(
            "near-the-optimum",
            "and nine tenths of what the exact plan earns",
            "all reward",
            "nine tenths of exact"),
        Claim.above(
            "tries-arms",
            "among three unknown arms it tries more of them than without memory",
            "plain all distinct",
            "plain no memory distinct"),
        Claim.above(
            "credit-is-needed-exactly",
            "the exact plan gives something up to learn, and without credit across pulls nothing",
            "exact sacrifice",
            "exact, no credit sacrifice"),
        Claim.above(
            "credit-is-needed-learnt",
            "learnt with credit across pulls an agent earns more than without",
            "all reward",
            "no credit reward"),
        Claim.above(
            "noise-pays",
            "learnt without credit it yet earns more than the exact plan without",
            "no credit reward",
            "exact, no credit reward"),
        Claim.above(
            "noise-looks-like-exploration",
            "from a tenth of the blocks it gives something up, which no exact plan without credit"
                + " does: its estimates are noise",
            "few, no credit sacrifice",
            "exact, no credit sacrifice"),
        Claim.equal(
            "credit-is-not-needed-from-few",
            "so that from a tenth of the blocks credit makes no difference of 0.03 a pull",
            "few, all reward",
            "few, no credit reward",
            0.03),
        Claim.below(
            "credit-is-needed-in-a-maze",
            "in the maze the goal is reached in fewer steps from the second episode on with credit",
            "maze steps",
            "maze steps, no credit"));
  }

  @Override
  public Experiment smoke() {
    return new EmergentExploration(5, 2_000, 300, discount, safe);
  }

  @Override
  public Outcome run(Seeds seeds) {
    Map<String, Agent> agents = new LinkedHashMap<>();
    agents.put("all", new Agent(2, safe, pulls, pulls, discount, blocks));
    agents.put("one pull", new Agent(2, safe, 1, 1, discount, blocks));
    agents.put("no memory", new Agent(2, safe, pulls, 0, discount, blocks));
    agents.put("short memory", new Agent(2, safe, pulls, 3, discount, blocks));
    agents.put("no credit", new Agent(2, safe, pulls, pulls, 0, blocks));
    agents.put("few, all", new Agent(2, safe, pulls, pulls, discount, blocks / 10));
    agents.put("few, no credit", new Agent(2, safe, pulls, pulls, 0, blocks / 10));
    agents.put("plain all", new Agent(3, -1, pulls, pulls, discount, blocks));
    agents.put("plain no memory", new Agent(3, -1, pulls, 0, discount, blocks));
    agents.put("plain no credit", new Agent(3, -1, pulls, pulls, 0, blocks));
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    agents.forEach(
        (name, agent) -> {
          Played figure = play(agent, learn(agent, seeds.of(name)), seeds.of("tasks"));
          figures.put(name + " reward", figure.reward);
          figures.put(name + " sacrifice", figure.sacrifice);
          figures.put(name + " distinct", figure.distinct);
          if (agent.pulls == pulls && agent.safe >= 0) {
            curves.put(name, Arrays.stream(figure.byPull).boxed().toList());
          }
        });
    var exact = new RecurringBlocks(pulls, discount, 2, safe).play();
    var shortsighted = new RecurringBlocks(pulls, 0, 2, safe).play();
    figures.put("exact reward", exact.reward());
    figures.put("nine tenths of exact", 0.9 * exact.reward());
    figures.put("exact sacrifice", exact.sacrifice());
    figures.put("exact, no credit reward", shortsighted.reward());
    figures.put("exact, no credit sacrifice", shortsighted.sacrifice());
    figures.put("maze steps", new CorridorMaze(discount).steps());
    figures.put("maze steps, no credit", new CorridorMaze(0).steps());
    return new Outcome(figures, curves);
  }

  /** Values by exact averaging of targets, from the last pull of a block backwards. */
  private Map<Long, Value> learn(Agent agent, SplittableRandom random) {
    int n = agent.pulls;
    int many = agent.blocks * (pulls / n); // as many pulls for each agent
    int[][] arms = new int[many][n];
    boolean[][] won = new boolean[many][n];
    for (int b = 0; b < many; b++) {
      double[] means = means(agent, random);
      for (int t = 0; t < n; t++) {
        arms[b][t] = random.nextInt(agent.arms());
        won[b][t] = random.nextDouble() < means[arms[b][t]];
      }
    }
    Map<Long, Value> values = new HashMap<>();
    for (int t = n - 1; t >= 0; t--) {
      for (int b = 0; b < many; b++) {
        double target = won[b][t] ? 1 : 0;
        // Without memory what comes after is the same for every arm.
        if (agent.memory > 0 && t < n - 1 && agent.discount > 0) {
          target += agent.discount * most(values.get(key(agent, arms[b], won[b], t + 1)));
        }
        Value value =
            values.computeIfAbsent(
                key(agent, arms[b], won[b], t),
                k -> new Value(new double[agent.arms()], new int[agent.arms()]));
        value.sums[arms[b][t]] += target;
        value.counts[arms[b][t]]++;
      }
    }
    return values;
  }

  private static double most(@Nullable Value value) {
    double most = 0;
    for (int a = 0; value != null && a < value.counts.length; a++) {
      most = Math.max(most, value.of(a));
    }
    return most;
  }

  private static double[] means(Agent agent, SplittableRandom random) {
    double[] means = new double[agent.arms()];
    Arrays.setAll(means, a -> a < agent.unknown ? random.nextDouble() : agent.safe);
    return means;
  }

  /** Pulls left, and for each unknown arm successes and failures among the last pulls. */
  private static long key(Agent agent, int[] arms, boolean[] won, int t) {
    if (agent.memory == 0) return 0;
    long key = (long) agent.pulls - t;
    for (int i = Math.max(0, t - agent.memory); i < t; i++) {
      if (arms[i] < agent.unknown) key += 1L << (8 + 8 * arms[i] + (won[i] ? 0 : 4));
    }
    return key;
  }

  private Played play(Agent agent, Map<Long, Value> values, SplittableRandom random) {
    int n = agent.pulls;
    double[] byPull = new double[n];
    double sacrifice = 0;
    double distinct = 0;
    int early = Math.min(EARLY, n);
    for (int block = 0; block < played; block++) {
      double[] means = means(agent, random);
      int[] arms = new int[n];
      boolean[] won = new boolean[n];
      double[] successes = new double[agent.arms()];
      double[] tries = new double[agent.arms()];
      for (int t = 0; t < n; t++) {
        int arm = best(values.get(key(agent, arms, won, t)), agent.arms(), random);
        double most = 0;
        for (int a = 0; a < agent.arms(); a++) {
          most = Math.max(most, posterior(agent, a, successes, tries));
        }
        if (t < early && posterior(agent, arm, successes, tries) < most - 1e-12) sacrifice++;
        arms[t] = arm;
        won[t] = random.nextDouble() < means[arm];
        byPull[t] += means[arm] / played;
        successes[arm] += won[t] ? 1 : 0;
        tries[arm]++;
      }
      distinct += Arrays.stream(arms, 0, early).distinct().count();
    }
    return new Played(
        Arrays.stream(byPull).sum() / n, sacrifice / played / early, distinct / played, byPull);
  }

  private static double posterior(Agent agent, int arm, double[] successes, double[] tries) {
    return arm < agent.unknown ? (successes[arm] + 1) / (tries[arm] + 2) : agent.safe;
  }

  /** The arm of the highest value, ties and what was never seen by chance. */
  private static int best(@Nullable Value value, int arms, SplittableRandom random) {
    List<Integer> best = new ArrayList<>();
    double most = Double.NEGATIVE_INFINITY;
    for (int a = 0; a < arms; a++) {
      double of = value == null ? 0 : value.of(a);
      if (of > most) best.clear();
      if (of >= most) best.add(a);
      most = Math.max(most, of);
    }
    return best.get(random.nextInt(best.size()));
  }
}
