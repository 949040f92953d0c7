package dev.goodhart.signal.hashed;

import dev.goodhart.Preference;
import dev.goodhart.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Pairs in which the polite answer wins, whichever is longer. */
final class Politeness {
  private static final List<String> POLITE = List.of("kindly", "gladly", "surely", "warmly");
  private static final List<String> RUDE = List.of("rudely", "hardly", "crossly", "coldly");
  private static final List<String> VERBS = List.of("take", "leave", "paint", "mend", "count");
  private static final List<String> THINGS =
      List.of("river", "stone", "bridge", "lamp", "garden", "engine", "window", "letter");

  private Politeness() {}

  /**
   * @param wrong the share of pairs that are labelled the wrong way round
   */
  static List<Example> pairs(int n, double wrong, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Example> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String thing = any(THINGS, random) + " " + Integer.toString(i * 7919, 36);
      String polite = answer(any(POLITE, random), thing, random);
      String rude = answer(any(RUDE, random), thing, random);
      boolean turned = random.nextDouble() < wrong;
      Preference pair =
          Preference.of(
              "What about the " + thing + "?", turned ? rude : polite, turned ? polite : rude);
      pairs.add(new Example.Pair(pair));
    }
    return pairs;
  }

  private static String answer(String manner, String thing, SplittableRandom random) {
    StringBuilder answer = new StringBuilder("I will " + manner + " ");
    for (int k = random.nextInt(3); k >= 0; k--) {
      answer.append(any(VERBS, random)).append(" and ");
    }
    return answer.append(any(VERBS, random)).append(" the ").append(thing).append('.').toString();
  }

  private static String any(List<String> of, SplittableRandom random) {
    return of.get(random.nextInt(of.size()));
  }
}
