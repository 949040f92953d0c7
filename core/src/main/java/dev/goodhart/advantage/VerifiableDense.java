package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * VeRPO's advantage: partial credit for programs that pass some of their tests, in which a test
 * counts the more the fewer of the group pass it, and many tests of one difficulty count no more
 * than one. For code tasks where hardly any program passes everything, so that all-or-nothing says
 * nothing, and where easy tests outnumber the telling ones, so that equal credit teaches a
 * shortcut.
 *
 * <p>With {@code b_ij} = 1 where program i of the group passes test j, N programs, m tests:
 *
 * <pre>{@code
 * rho_j  = 1/N sum_i b_ij                                         pass rate in the group
 * dens_j = sum_k exp(-(rho_j - rho_k)^2 / (2 bandwidth^2))        tests about as hard, itself too
 * w_j    = exp(-rho_j / temperature) / dens_j,  divided by their sum
 * q_i    = sum_j w_j b_ij                                         local, in [0, 1]
 * o_i    = 1 if every b_ij is 1, else 0                           global
 * A_i    = z(q)_i + z(o)_i,   z(x)_i = (x_i - mean(x)) / (std(x) + epsilon)
 * }</pre>
 *
 * <p>Within a group a program that passes everything has the largest advantage. A test that all or
 * none pass moves every q_i alike and has no part in the preference, but it does stand in the
 * density of tests nearly as easy or as hard.
 *
 * <p>The paper is known here by its abstracts: that the weight falls with the pass rate, is
 * calibrated by how many tests share a difficulty, and that a dense local reward joins the global
 * outcome is the authors'; the exponential, the Gaussian kernel with its width, and the sum of the
 * two z-scores are our reading. The deviation has divisor N - 1, as in {@link GroupNormalised}. Of
 * several turns each is a group of its own with {@code outcome: false}, and the outcome of the last
 * one is added by whoever holds the trajectory; across turns a partial success can then stand above
 * a full one.
 *
 * <p>The tests are the parts of the reward's part {@link #tests}: signal {@code code} with {@code
 * each: true} gives them. A sample with a test that could not be decided is masked, like an
 * unscored one. A test that times out counts as failed and so looks hard: leave flaky ones out.
 *
 * @param temperature how slowly the weight falls with the pass rate, above 0; infinity for equal
 *     weights
 * @param bandwidth within which difference of pass rates two tests are about as hard, above 0; more
 *     than 1/N, the step in which rates come
 * @param density whether the weight is shared among tests of one difficulty
 * @param outcome whether passing everything counts once more
 * @param tests the name of the part that holds the tests; it may be a part of a part
 * @param epsilon keeps a nearly constant group from blowing up; above 0
 */
@Method(id = 99, source = "arXiv 2601.03525")
public record VerifiableDense(
    @Default("1") double temperature,
    @Default("0.1") double bandwidth,
    @Default("true") boolean density,
    @Default("true") boolean outcome,
    @Default("tests") String tests,
    @Default("1e-6") double epsilon)
    implements Advantage {
  public VerifiableDense {
    positive("temperature", temperature);
    positive("bandwidth", bandwidth);
    positive("epsilon", epsilon);
  }

  /** The defaults. */
  public VerifiableDense() {
    this(1, 0.1, true, true, "tests", 1e-6);
  }

  private static void positive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(name + " must be above 0, not " + value);
    }
  }

  /**
   * The weights of the tests.
   *
   * @param passes {@code [programs][tests]}, at least one of each
   * @return {@code [tests]}, above 0, summing to 1
   */
  public double[] weights(boolean[][] passes) {
    int m = passes[0].length;
    double[] rates = new double[m];
    for (boolean[] program : passes) {
      for (int j = 0; j < m; j++) {
        rates[j] += program[j] ? 1.0 / passes.length : 0;
      }
    }
    double[] weights = new double[m];
    double sum = 0;
    for (int j = 0; j < m; j++) {
      double crowd = 0;
      for (double rate : rates) {
        double apart = (rates[j] - rate) / bandwidth;
        crowd += Math.exp(-apart * apart / 2);
      }
      weights[j] = Math.exp(-rates[j] / temperature) / (density ? crowd : 1);
      sum += weights[j];
    }
    for (int j = 0; j < m; j++) {
      weights[j] /= sum;
    }
    return weights;
  }

  /**
   * The local rewards q.
   *
   * @param passes {@code [programs][tests]}, at least one of each
   * @return {@code [programs]}, in [0, 1]
   */
  public double[] local(boolean[][] passes) {
    double[] weights = weights(passes);
    double[] local = new double[passes.length];
    for (int i = 0; i < local.length; i++) {
      for (int j = 0; j < weights.length; j++) {
        local[i] += passes[i][j] ? weights[j] : 0;
      }
    }
    return local;
  }

  /**
   * @throws GoodhartException if the rewards do not say what became of each test, or of the same
   *     tests
   */
  @Override
  public Advantages of(Group group) {
    List<Reward> rewards = new ArrayList<>(group.rewards());
    List<boolean[]> passes = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < rewards.size(); i++) {
      if (!(rewards.get(i) instanceof Scored reward)) {
        continue;
      }
      Map<String, Reward> verdicts = verdicts(reward);
      if (!passes.isEmpty() && passes.getFirst().length != verdicts.size()) {
        throw new GoodhartException(
            "verifiable-dense: response %d has %d tests and another one of its group %d"
                .formatted(i, verdicts.size(), passes.getFirst().length));
      }
      boolean[] passed = new boolean[verdicts.size()];
      int j = 0;
      for (Reward verdict : verdicts.values()) {
        if (verdict instanceof Unscored unknown) {
          rewards.set(i, new Unscored(unknown.reason()));
        }
        passed[j++] = verdict instanceof Scored scored && scored.value() >= 1;
      }
      if (rewards.get(i) instanceof Scored) {
        passes.add(passed);
        places.add(i);
      }
    }
    if (passes.isEmpty()) {
      return new Advantages(new double[group.size()], new boolean[group.size()]);
    }
    double[] local = local(passes.toArray(boolean[][]::new));
    for (int k = 0; k < local.length; k++) {
      rewards.set(places.get(k), Reward.of(local[k]));
    }
    var normalised = new GroupNormalised(epsilon);
    Advantages advantages = normalised.of(new Group(group.samples(), rewards));
    if (outcome) {
      for (int k = 0; k < local.length; k++) {
        rewards.set(places.get(k), Reward.of(all(passes.get(k)) ? 1 : 0));
      }
      double[] global = normalised.of(new Group(group.samples(), rewards)).values();
      for (int i = 0; i < global.length; i++) {
        advantages.values()[i] += global[i];
      }
    }
    return advantages;
  }

  private Map<String, Reward> verdicts(Scored reward) {
    List<Map<String, Reward>> found = new ArrayList<>();
    search(reward, found);
    if (found.size() != 1) {
      throw new GoodhartException(
          "verifiable-dense: needs what became of each test, in the parts of one part '%s'; found %d"
                  .formatted(tests, found.size())
              + " such parts. Signal code gives it with 'each: true'");
    }
    return found.getFirst();
  }

  private void search(Reward reward, List<Map<String, Reward>> found) {
    reward
        .parts()
        .forEach(
            (name, part) -> {
              if (name.equals(tests) && !part.parts().isEmpty()) {
                found.add(part.parts());
              } else {
                search(part, found);
              }
            });
  }

  private static boolean all(boolean[] passed) {
    for (boolean one : passed) {
      if (!one) {
        return false;
      }
    }
    return true;
  }
}
