package dev.goodhart.lab.phrase;

import dev.goodhart.lab.style.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Puts attributes into words, so that reading them gives the same attributes. */
final class PhraseWriter {
  private final Question question;
  private final SplittableRandom random;

  PhraseWriter(Question question, SplittableRandom random) {
    this.question = question;
    this.random = random;
  }

  /**
   * A response with these attributes, whatever words it takes.
   *
   * @param longest how many tokens it may have, at least 12 (three answers, each an item): what is
   *     over is taken from the greatest excess first
   */
  String write(Attributes wanted, int longest) {
    Attributes a = wanted;
    while (tokens(a) > longest) a = less(a);
    List<String> facts = facts(a);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < facts.size(); i++) {
      parts.add((a.bullets() ? Lexicon.BULLET + " " : "") + "*" + facts.get(i));
    }
    for (int i = 0; i < a.hedges(); i++) {
      int at = random.nextInt(parts.size());
      parts.set(at, parts.get(at).replace("*", pick(Lexicon.HEDGES) + " *"));
    }
    parts.replaceAll(part -> part.replace("*", ""));
    int fillers = a.strays() - elsewhere;
    for (int i = 0; i < fillers; i++) {
      parts.add(random.nextInt(parts.size() + 1), pick(Lexicon.FILLER));
    }
    for (int i = 0; i < a.flattery(); i++) {
      parts.add(i % 2 == 0 ? 0 : parts.size(), pick(Lexicon.FLATTERY));
    }
    return String.join(" ", parts);
  }

  /** How many tokens a response takes at most. */
  private static int tokens(Attributes a) {
    int facts = a.asked() + a.asides() + a.repeats() + a.strays() / 3;
    return facts * (a.bullets() ? 4 : 3)
        + (a.strays() - a.strays() / 3)
        + a.flattery()
        + a.hedges();
  }

  /** One less of what costs the most words. */
  private static Attributes less(Attributes a) {
    int fact = a.bullets() ? 4 : 3;
    int most =
        Math.max(
            Math.max(fact * a.repeats(), fact * a.asides()),
            Math.max(a.strays(), Math.max(a.flattery(), a.hedges())));
    boolean repeat = fact * a.repeats() == most;
    boolean aside = !repeat && fact * a.asides() == most;
    boolean stray = !repeat && !aside && a.strays() == most;
    boolean praise = !repeat && !aside && !stray && a.flattery() == most;
    boolean hedge = !repeat && !aside && !stray && !praise;
    return new Attributes(
        a.asked(),
        a.right(),
        a.wrong(),
        a.asides() - (aside ? 1 : 0),
        a.strays() - (stray ? 1 : 0),
        a.flattery() - (praise ? 1 : 0),
        a.hedges() - (hedge ? 1 : 0),
        a.repeats() - (repeat ? 1 : 0),
        a.bullets(),
        a.words());
  }

  /** How many of the strays are facts about other topics; a third at most. */
  private int elsewhere;

  private List<String> facts(Attributes a) {
    int[] asked = question.facets().clone();
    shuffle(asked, random);
    Set<String> facts = new LinkedHashSet<>();
    for (int i = 0; i < asked.length; i++) {
      int facet = asked[i];
      int truth = Lexicon.truth(question.topic(), facet);
      int values = Lexicon.VALUES.get(facet).size();
      if (i < a.right()) {
        facts.add(fact(facet, question.topic(), truth));
      } else if (i < a.right() + a.wrong()) {
        int other = (truth + 1 + random.nextInt(values - 1)) % values;
        facts.add(fact(facet, question.topic(), other));
      } else {
        facts.add(said(facet, question.topic(), Lexicon.UNCLEAR));
      }
    }
    int[] all = new int[Lexicon.FACETS.size()];
    for (int i = 0; i < all.length; i++) all[i] = i;
    shuffle(all, random);
    int asides = 0;
    for (int facet : all) {
      if (asides < a.asides() && !question.asks(facet)) {
        facts.add(fact(facet, question.topic(), Lexicon.truth(question.topic(), facet)));
        asides++;
      }
    }
    int before = facts.size();
    while (facts.size() < before + a.strays() / 3) {
      int topic = random.nextInt(Lexicon.TOPICS.size());
      int facet = random.nextInt(Lexicon.FACETS.size());
      if (topic != question.topic()) facts.add(fact(facet, topic, Lexicon.truth(topic, facet)));
    }
    elsewhere = facts.size() - before;
    List<String> list = new ArrayList<>(facts);
    for (int i = list.size() - 1; i > 0; i--) {
      list.set(i, list.set(random.nextInt(i + 1), list.get(i)));
    }
    int distinct = list.size();
    for (int i = 0; i < a.repeats(); i++) {
      // After what it repeats, or that would be the repeat: no difference to the attributes.
      list.add(1 + random.nextInt(list.size()), list.get(random.nextInt(distinct)));
    }
    return list;
  }

  private static String fact(int facet, int topic, int value) {
    return said(facet, topic, Lexicon.VALUES.get(facet).get(value));
  }

  private static String said(int facet, int topic, String value) {
    return Lexicon.FACETS.get(facet) + " " + Lexicon.TOPICS.get(topic) + " " + value;
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int held = values[i];
      values[i] = values[j];
      values[j] = held;
    }
  }
}
