package dev.goodhart.advantage;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * GRPO's advantage taken anew at each fork: a group of responses is a tree of their prefixes, and a
 * token is credited with what its response earns against the responses that had come to the same
 * prefix. For tasks in which a first mistake cannot be mended, and groups large enough to part
 * late.
 *
 * <pre>{@code
 * P_it = { j : tokens of j before t = tokens of i before t }
 * A_it = (G_i - mean(G over P_it)) / (std(G over P_it) + epsilon),  std with divisor |P_it| - 1
 * }</pre>
 *
 * <p>{@code G} is the response's whole reward; with rewards by token it is what is earned from t
 * on, since responses with one prefix have earned the same before. At the first token it is {@link
 * GroupNormalised}. A token that no other response stands before, or before which all that do earn
 * the same, has no advantage: nothing is known of what another token would have earned. Whether a
 * prefix is shared does not depend on the token that follows, so without the deviation the policy
 * gradient of each prefix keeps its direction, and prefixes weigh by how often they are compared.
 *
 * <p>TEMPO adds its corrections at forks to the advantage of the whole response; here the whole
 * response's is left out behind the last fork, where it is noise.
 *
 * @param epsilon keeps a nearly constant set from blowing up; above 0
 */
@Method(source = "arXiv 2509.18314; arXiv 2402.03300")
public record PrefixNormalised(@Default("1e-6") double epsilon) implements Credit {
  public PrefixNormalised {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be above 0, not " + epsilon);
    }
  }

  /**
   * @throws IllegalArgumentException if a response comes without its tokens' ids
   */
  @Override
  public List<TokenAdvantages> credit(List<Rollouts> batch) {
    return batch.stream().map(this::of).toList();
  }

  private TokenAdvantages of(Rollouts rollouts) {
    boolean[] mask = rollouts.group().mask();
    List<Tokens> tokens = rollouts.tokens();
    double[][] toGo = new double[mask.length][];
    double[][] values = new double[mask.length][];
    for (int i = 0; i < mask.length; i++) {
      if (tokens.get(i).ids().length == 0) {
        throw new IllegalArgumentException("prefix-normalised: needs the ids of the tokens");
      }
      toGo[i] = tokens.get(i).toGo(1);
      values[i] = new double[tokens.get(i).size()];
    }
    Deque<Fork> forks = new ArrayDeque<>();
    List<Integer> scored = IntStream.range(0, mask.length).filter(i -> mask[i]).boxed().toList();
    if (scored.size() > 1) forks.add(new Fork(0, scored));
    while (!forks.isEmpty()) {
      Fork fork = forks.remove();
      Map<Integer, List<Integer>> branches = new HashMap<>();
      double[] earned = fork.peers.stream().mapToDouble(i -> toGo[i][fork.t]).toArray();
      double mean = Arrays.stream(earned).average().orElseThrow();
      double squares = Arrays.stream(earned).map(g -> (g - mean) * (g - mean)).sum();
      double deviation = Math.sqrt(squares / (earned.length - 1));
      boolean varies = Arrays.stream(earned).anyMatch(g -> g != earned[0]);
      for (int i : fork.peers) {
        if (varies) values[i][fork.t] = (toGo[i][fork.t] - mean) / (deviation + epsilon);
        if (tokens.get(i).size() > fork.t + 1) {
          int id = tokens.get(i).ids()[fork.t];
          branches.computeIfAbsent(id, none -> new ArrayList<>()).add(i);
        }
      }
      branches.values().stream()
          .filter(peers -> peers.size() > 1)
          .forEach(peers -> forks.add(new Fork(fork.t + 1, peers)));
    }
    return new TokenAdvantages(values, new double[0][], mask);
  }

  /** Responses with the same tokens before t, all longer than that. */
  private record Fork(int t, List<Integer> peers) {}
}
