package dev.goodhart.data;

import dev.goodhart.Preference;
import dev.goodhart.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The comparisons in an example. */
public final class Pairs {
  /**
   * A pair itself; every two responses of different rank; nothing of an example that compares
   * nothing.
   */
  public static Stream<Preference> of(Example example) {
    return switch (example) {
      case Example.Pair pair -> Stream.of(pair.preference());
      case Example.Ranked ranked -> of(ranked).stream();
      default -> Stream.empty();
    };
  }

  private static List<Preference> of(Example.Ranked ranked) {
    List<Preference> pairs = new ArrayList<>();
    for (int i = 0; i < ranked.samples().size(); i++) {
      for (int j = i + 1; j < ranked.samples().size(); j++) {
        Sample better = ranked.samples().get(i);
        Sample worse = ranked.samples().get(j);
        if (ranked.ranks().get(i) < ranked.ranks().get(j)
            && !better.response().equals(worse.response())) {
          pairs.add(
              new Preference(
                  better.id() + ">" + worse.id(),
                  better.prompt(),
                  better.response(),
                  worse.response(),
                  1,
                  OptionalDouble.empty(),
                  1,
                  better.columns()));
        }
      }
    }
    return pairs;
  }

  private Pairs() {}
}
