package dev.goodhart.explore;

import dev.goodhart.Default;
import dev.goodhart.Method;
import java.util.List;

/**
 * A curriculum that sets itself: only prompts whose pass rate lies within a band, neither mastered
 * nor hopeless. As the policy learns, easy prompts leave the band and harder ones enter it.
 *
 * <p>Of all prompts the share {@code keep} nearest to the band shares the budget evenly; within the
 * band (and where nothing is known) all are as near as can be, and the earlier prompt goes first.
 * Outside, a prompt is not drawn again until others are further away, so its pass rate is only
 * known as of then: offer another choice of prompts each step, or let histories fade.
 *
 * @param low the least pass rate of the band, in [0, 1]
 * @param high the largest, at least {@code low}, at most 1
 * @param keep the share of the prompts, in (0, 1]; rounded up to whole prompts
 */
@Method(source = "arXiv 2504.03380")
public record PassRateCurriculum(
    @Default("0.2") double low, @Default("0.8") double high, @Default("0.25") double keep)
    implements Explore {
  public PassRateCurriculum {
    if (!(low >= 0 && low <= 1)) {
      throw new IllegalArgumentException("low must lie in [0, 1], not " + low);
    }
    if (!(high >= low && high <= 1)) {
      throw new IllegalArgumentException("high must lie in [" + low + ", 1], not " + high);
    }
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException("keep must lie in (0, 1], not " + keep);
    }
  }

  @Override
  public int candidates(int prompts) {
    return Chosen.candidates(prompts, keep);
  }

  @Override
  public int[] allocate(List<History> prompts, int budget) {
    return Chosen.lowest(
        prompts,
        keep,
        budget,
        h -> h.drawn() == 0 ? 0 : Math.max(0, Math.max(low - h.mean(), h.mean() - high)));
  }
}
