package dev.goodhart.lab.style;

import dev.goodhart.lab.style.Almanac.Topic;
import dev.goodhart.lab.style.Kind.Facet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Puts a question and the attributes of an answer into words. */
final class Writer {
  private final Almanac almanac;

  Writer(Almanac almanac) {
    this.almanac = almanac;
  }

  String ask(Topic topic, int[] facets, SplittableRandom random) {
    StringBuilder text = new StringBuilder(160);
    text.append(pick(Words.REQUESTS, random));
    boolean question = text.charAt(0) == 'W';
    append(text, topic.kind().phrase(), topic.name(), "");
    text.append(question ? "? " : ". ").append("I would like to know ");
    for (int i = 0; i < facets.length; i++) {
      text.append(i == 0 ? "" : i == facets.length - 1 ? " and " : ", ");
      text.append(topic.kind().facets().get(facets[i]).ask());
    }
    return text.append('.').toString();
  }

  String answer(Topic topic, int[] facets, Attributes a, SplittableRandom random) {
    List<String> sentences = new ArrayList<>();
    int[] shuffled = facets.clone();
    shuffle(shuffled, random); // which facts are right does not depend on the order of asking
    for (int i = 0; i < shuffled.length; i++) {
      Facet facet = topic.kind().facets().get(shuffled[i]);
      int truth = topic.truth().get(shuffled[i]);
      if (i < a.right()) {
        sentences.add(fact(topic, facet, truth, random));
      } else if (i < a.right() + a.wrong()) {
        int other = (truth + 1 + random.nextInt(facet.values().size() - 1)) % facet.values().size();
        sentences.add(fact(topic, facet, other, random));
      } else {
        sentences.add(
            filled(pick(Words.EVASIONS, random), facet.noun().replace("*", topic.name()), ""));
      }
    }
    shuffleList(sentences, random);
    int[] others = others(topic, facets);
    shuffle(others, random);
    for (int i = 0; i < a.asides(); i++) {
      int other = others[i];
      Facet facet = topic.kind().facets().get(other);
      insert(sentences, fact(topic, facet, topic.truth().get(other), random), random);
    }
    for (int i = 0; i < a.strays(); i++) {
      insert(sentences, stray(topic, random), random);
    }
    for (int i = 0; i < a.repeats(); i++) {
      String again = sentences.get(random.nextInt(sentences.size()));
      insert(
          sentences,
          random.nextBoolean() ? again : pick(Words.AGAIN, random) + small(again, topic.name()),
          random);
    }
    for (int i = 0; i < a.hedges(); i++) {
      int at = random.nextInt(sentences.size());
      sentences.set(at, pick(Words.HEDGES, random) + small(sentences.get(at), topic.name()));
    }
    return assemble(sentences, a, random);
  }

  /** The facets that nobody asked for. */
  private static int[] others(Topic topic, int[] facets) {
    return IntStream.range(0, topic.kind().facets().size())
        .filter(f -> IntStream.of(facets).noneMatch(asked -> asked == f))
        .toArray();
  }

  private String stray(Topic topic, SplittableRandom random) {
    if (random.nextBoolean()) {
      Topic elsewhere = almanac.draw(random);
      int facet = random.nextInt(elsewhere.kind().facets().size());
      return fact(
          elsewhere, elsewhere.kind().facets().get(facet), elsewhere.truth().get(facet), random);
    }
    return filled(pick(Words.FILLER, random), topic.name(), "");
  }

  /** Compliments open and close the response; the rest is one paragraph or a list. */
  private static String assemble(List<String> sentences, Attributes a, SplittableRandom random) {
    StringBuilder text = new StringBuilder(64 * (sentences.size() + a.flattery()));
    int before = (a.flattery() + 1) / 2;
    for (int i = 0; i < before; i++) {
      text.append(i == 0 ? "" : " ")
          .append(filled(pick(Words.FLATTERY, random), pick(Words.PRAISE, random), ""));
    }
    for (String sentence : sentences) {
      text.append(text.isEmpty() ? "" : a.bullets() ? "\n" : " ")
          .append(a.bullets() ? "- " : "")
          .append(sentence);
    }
    for (int i = before; i < a.flattery(); i++) {
      text.append(a.bullets() && i == before ? '\n' : ' ');
      text.append(filled(pick(Words.FLATTERY, random), pick(Words.PRAISE, random), ""));
    }
    return text.toString();
  }

  private static String fact(Topic topic, Facet facet, int value, SplittableRandom random) {
    return filled(pick(facet.sentences(), random), topic.name(), facet.values().get(value));
  }

  private static String filled(String template, String star, String hash) {
    StringBuilder text = new StringBuilder(80);
    append(text, template, star, hash);
    return capital(text);
  }

  private static void append(StringBuilder text, String template, String star, String hash) {
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      switch (c) {
        case '*' -> text.append(star);
        case '#' -> text.append(hash);
        default -> text.append(c);
      }
    }
  }

  private static String capital(StringBuilder text) {
    text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
    return text.toString();
  }

  /** For the middle of a sentence: a small first letter, unless that is a name or a month. */
  private static String small(String sentence, String name) {
    boolean keep = sentence.startsWith(name) || sentence.startsWith("I ");
    return keep ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private static void insert(List<String> sentences, String sentence, SplittableRandom random) {
    // Never first: an answer begins with what was asked for.
    sentences.add(1 + random.nextInt(sentences.size()), sentence);
  }

  private static String pick(List<String> from, SplittableRandom random) {
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

  private static void shuffleList(List<String> values, SplittableRandom random) {
    for (int i = values.size() - 1; i > 0; i--) {
      values.set(i, values.set(random.nextInt(i + 1), values.get(i)));
    }
  }

  static int words(String text) {
    int words = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      boolean letter = text.charAt(i) > ' ' && !(text.charAt(i) == '-' && !inside);
      words += letter && !inside ? 1 : 0;
      inside = letter;
    }
    return words;
  }
}
