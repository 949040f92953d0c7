package dev.goodhart.lab.style;

import dev.goodhart.run.Seeds;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What is true in the style world: made-up things, and for each facet of each which of its possible
 * values is the right one.
 */
final class Almanac {
  /**
   * A thing that can be asked about.
   *
   * @param truth the index of the true value of each facet of its kind
   */
  record Topic(String name, Kind kind, List<Integer> truth) {}

  private final List<Topic> topics;

  Almanac(int topics, long seed) {
    SplittableRandom random = new Seeds(seed).of("style/almanac");
    Set<String> names = new LinkedHashSet<>();
    while (names.size() < topics) {
      StringBuilder name = new StringBuilder();
      for (List<String> part : Words.SYLLABLES) {
        name.append(part.get(random.nextInt(part.size())));
      }
      names.add(name.toString());
    }
    this.topics =
        names.stream()
            .map(
                name -> {
                  Kind kind = Kind.ALL.get(random.nextInt(Kind.ALL.size()));
                  List<Integer> truth =
                      kind.facets().stream().map(f -> random.nextInt(f.values().size())).toList();
                  return new Topic(name, kind, truth);
                })
            .toList();
  }

  Topic draw(SplittableRandom random) {
    return topics.get(random.nextInt(topics.size()));
  }
}
