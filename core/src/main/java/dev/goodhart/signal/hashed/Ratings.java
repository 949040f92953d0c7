package dev.goodhart.signal.hashed;

import dev.goodhart.GoodhartException;
import java.util.List;
import java.util.Map;

/** Which of several ratings says how good a response is on the whole. */
final class Ratings {
  private static final List<String> OVERALL =
      List.of(
          "overall",
          "overall_score",
          "overall_rating",
          "helpfulness",
          "quality",
          "score",
          "rating",
          "reward",
          "win_probability");

  private Ratings() {}

  /** The only attribute, or the first that is known to be the overall one. */
  static String overall(Map<String, Double> ratings) {
    if (ratings.size() == 1) {
      return ratings.keySet().iterator().next();
    }
    return OVERALL.stream()
        .filter(ratings::containsKey)
        .findFirst()
        .orElseThrow(
            () ->
                new GoodhartException(
                    "which rating counts? Choose one with --rating: "
                        + String.join(", ", ratings.keySet())));
  }

  static GoodhartException missing(String id, String attribute, Map<String, Double> ratings) {
    return new GoodhartException(
        "row "
            + id
            + ": has no rating '"
            + attribute
            + "', only "
            + String.join(", ", ratings.keySet()));
  }
}
