package dev.goodhart.lab.style;

import java.util.SplittableRandom;

/**
 * Who writes the responses: a policy of middling skill whose habits have heavy tails, as those of
 * language models do. Most responses are short; one in hundreds rambles, flatters or repeats itself
 * without end.
 *
 * <p>Skill is a normal draw for each response. Each habit's count is {@code floor(typical
 * exp(spread z))}, log-normal, where z is standard normal and shares a mood with the response's
 * other habits: {@code z = mood m + sqrt(1 - mood²) e}.
 *
 * @param skill log-odds of a right answer, on average
 * @param skillSpread its standard deviation between responses
 * @param wrongShare of the answers that are not right: the share that is wrong; the others are
 *     evaded
 * @param asides the typical (median, before rounding down) number of asides and strays together
 * @param strayShare the share of these that stray from the point
 * @param flattery typical number
 * @param hedges typical number
 * @param repeats typical number
 * @param spread of the habits, in natural logarithms: the weight of their tails
 * @param mood the correlation of z with the response's mood, in [0, 1]
 * @param bullets the probability of a list
 * @param rare the probability of a response whose habits are all {@code rareFactor} times as
 *     strong; 0 for none
 * @param rareFactor at least 1
 */
public record BasePolicy(
    double skill,
    double skillSpread,
    double wrongShare,
    double asides,
    double strayShare,
    double flattery,
    double hedges,
    double repeats,
    double spread,
    double mood,
    double bullets,
    double rare,
    double rareFactor) {
  public static final BasePolicy DEFAULT =
      new BasePolicy(0.3, 1, 0.3, 1.5, 0.5, 0.5, 0.5, 0.3, 0.9, 0.5, 0.3, 0, 3);

  /** A habit's count is cut here: a text of some two thousand words is long enough. */
  static final int MOST = 100;

  public BasePolicy {
    probability("wrongShare", wrongShare);
    probability("strayShare", strayShare);
    probability("mood", mood);
    probability("bullets", bullets);
    probability("rare", rare);
    if (!(asides >= 0
        && flattery >= 0
        && hedges >= 0
        && repeats >= 0
        && spread >= 0
        && skillSpread >= 0)) {
      throw new IllegalArgumentException("habits and spreads must be at least 0");
    }
    if (!(rareFactor >= 1)) {
      throw new IllegalArgumentException("rareFactor must be at least 1, not " + rareFactor);
    }
  }

  private static void probability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must lie in [0, 1], not " + value);
    }
  }

  /** The same policy with a share of responses whose habits are much stronger. */
  public BasePolicy withRare(double share, double factor) {
    return new BasePolicy(
        skill,
        skillSpread,
        wrongShare,
        asides,
        strayShare,
        flattery,
        hedges,
        repeats,
        spread,
        mood,
        bullets,
        share,
        factor);
  }

  /**
   * The attributes of one response; its words are not counted yet.
   *
   * @param asked how many facts the prompt asks for
   * @param others how many more are known of its topic: there are no more asides than these, what
   *     would be one more strays
   */
  public Attributes draw(int asked, int others, SplittableRandom random) {
    double right = 1 / (1 + Math.exp(-(skill + skillSpread * random.nextGaussian())));
    int rights = 0;
    int wrongs = 0;
    for (int i = 0; i < asked; i++) {
      double u = random.nextDouble();
      if (u < right) {
        rights++;
      } else if (u < right + (1 - right) * wrongShare) {
        wrongs++;
      }
    }
    double shared = random.nextGaussian();
    double factor = random.nextDouble() < rare ? rareFactor : 1;
    int extras = count(asides, shared, factor, random);
    int strays = 0;
    for (int i = 0; i < extras; i++) {
      strays += random.nextDouble() < strayShare || i - strays >= others ? 1 : 0;
    }
    return new Attributes(
        asked,
        rights,
        wrongs,
        extras - strays,
        strays,
        count(flattery, shared, factor, random),
        count(hedges, shared, factor, random),
        count(repeats, shared, factor, random),
        random.nextDouble() < bullets,
        0);
  }

  private int count(double typical, double shared, double factor, SplittableRandom random) {
    double z = mood * shared + Math.sqrt(1 - mood * mood) * random.nextGaussian();
    return (int) Math.min(MOST, factor * typical * Math.exp(spread * z));
  }
}
