package dev.goodhart.steer;

import dev.goodhart.Method;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Self-consistency: the answer that most responses give, every response counting once. Needs no
 * reward to elect it; ties are broken by chance.
 */
@Method(source = "arXiv 2203.11171")
public record MajorityVote() implements Vote {
  @Override
  public int choose(List<@Nullable String> answers, double[] rewards, RandomGenerator random) {
    Ballot.check(answers, rewards);
    double[] weights = new double[rewards.length];
    Arrays.fill(weights, 1);
    return Ballot.elect(answers, rewards, weights, random);
  }
}
