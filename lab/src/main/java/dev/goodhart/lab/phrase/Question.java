package dev.goodhart.lab.phrase;

import dev.goodhart.lab.style.Attributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A prompt: {@code about alder colour use ?} asks for two facts about one topic.
 *
 * @param facets one to three, each once
 */
@SuppressWarnings("ArrayRecordComponent") // made and dropped by the million
record Question(int topic, int[] facets) {
  private static final int MOST = 3;

  static Question draw(SplittableRandom random) {
    int[] all = new int[Lexicon.FACETS.size()];
    Arrays.setAll(all, i -> i);
    PhraseWriter.shuffle(all, random);
    return new Question(
        random.nextInt(Lexicon.TOPICS.size()), Arrays.copyOf(all, 1 + random.nextInt(MOST)));
  }

  String text() {
    StringBuilder text = new StringBuilder(48);
    text.append(Lexicon.ABOUT).append(' ').append(Lexicon.TOPICS.get(topic));
    for (int facet : facets) text.append(' ').append(Lexicon.FACETS.get(facet));
    return text.append(' ').append(Lexicon.ASKS).toString();
  }

  /** What {@link #text()} wrote; null for any other text. */
  static @Nullable Question read(String text) {
    String[] words = text.split(" ", -1);
    int asked = words.length - 3;
    if (asked < 1 || asked > MOST) return null;
    Lexicon.Word topic = Lexicon.word(words[1]);
    int[] facets = new int[asked];
    for (int i = 0; i < asked; i++) {
      Lexicon.Word facet = Lexicon.word(words[2 + i]);
      if (facet.part() != Lexicon.Part.FACET) return null;
      facets[i] = facet.index();
    }
    if (topic.part() != Lexicon.Part.TOPIC) return null;
    Question question = new Question(topic.index(), facets);
    boolean distinct = Arrays.stream(facets).distinct().count() == asked;
    return distinct && question.text().equals(text) ? question : null;
  }

  /** The same for questions that ask for the same facts, in whatever order. */
  int exercise() {
    int set = 0;
    for (int facet : facets) set |= 1 << facet;
    return topic << Lexicon.FACETS.size() | set;
  }

  boolean asks(int facet) {
    for (int asked : facets) {
      if (asked == facet) return true;
    }
    return false;
  }

  /** How many facts about its topic it does not ask for. */
  int others() {
    return Lexicon.FACETS.size() - facets.length;
  }

  /** No response is read further than so many words: the rest is one stray. */
  private static final int LONGEST = 512;

  /**
   * What a response to this question is like. Every text is something.
   *
   * <ul>
   *   <li>A facet, a topic and a value, {@code colour alder green}, are a fact. The first one on
   *       what was asked is the answer, right or wrong; {@code colour alder unclear} is none. A
   *       true one on what was not asked is an aside. The same fact once more is a repeat. Any
   *       other is a stray: about another topic, untrue and not asked for, a second answer.
   *   <li>Each word of praise is flattery, each of doubt a hedge.
   *   <li>A {@code -} begins an item: a fact, with doubts before it or not. A response is a list if
   *       at least half of its facts are items. It is a mark, not a word.
   *   <li>Everything else is a stray, word by word: filler, parts of facts, marks without an item,
   *       words that there are not.
   * </ul>
   */
  Attributes of(String response) {
    return new Reading(response).attributes();
  }

  /** Reads one response. */
  private final class Reading {
    private final String[] texts;
    private final Lexicon.Word[] words;
    private final Set<Integer> said = new HashSet<>();
    private int answered;
    private int right;
    private int wrong;
    private int asides;
    private int strays;
    private int flattery;
    private int hedges;
    private int repeats;
    private int facts;
    private int items;

    Reading(String response) {
      StringTokenizer tokens = new StringTokenizer(response); // as blanks and line breaks part them
      int n = 0;
      String[] read = new String[LONGEST];
      while (n < LONGEST && tokens.hasMoreTokens()) read[n++] = tokens.nextToken();
      if (tokens.hasMoreTokens()) strays++;
      texts = Arrays.copyOf(read, n);
      words = new Lexicon.Word[n];
      for (int i = 0; i < n; i++) words[i] = Lexicon.word(texts[i]);
    }

    Attributes attributes() {
      int marks = 0;
      boolean item = false;
      for (int i = 0; i < words.length; i++) {
        boolean begun = item;
        item = false;
        switch (words[i].part()) {
          case FACET -> {
            if (isFact(i)) {
              facts++;
              items += begun ? 1 : 0;
              fact(words[i].index(), words[i + 1].index(), words[i + 2]);
              i += 2;
            } else {
              strays++;
            }
          }
          case FLATTERY -> flattery++;
          case HEDGE -> {
            hedges++;
            item = begun;
          }
          case BULLET -> {
            marks++;
            item = leadsToFact(i + 1);
            strays += item ? 0 : 1;
          }
          default -> strays++;
        }
      }
      return new Attributes(
          facets.length,
          right,
          wrong,
          asides,
          strays,
          flattery,
          hedges,
          repeats,
          items > 0 && 2 * items >= facts,
          words.length - marks);
    }

    private boolean isFact(int i) {
      if (i + 2 >= words.length || words[i].part() != Lexicon.Part.FACET) return false;
      Lexicon.Word value = words[i + 2];
      return words[i + 1].part() == Lexicon.Part.TOPIC
          && (value.part() == Lexicon.Part.UNCLEAR || value.facet() == words[i].index());
    }

    private boolean leadsToFact(int i) {
      int at = i;
      while (at < words.length && words[at].part() == Lexicon.Part.HEDGE) at++;
      return isFact(at);
    }

    private void fact(int facet, int about, Lexicon.Word value) {
      boolean unclear = value.part() == Lexicon.Part.UNCLEAR;
      int key = (facet * 100 + about) * 100 + (unclear ? 99 : value.index());
      boolean truth = !unclear && value.index() == Lexicon.truth(about, facet);
      if (!said.add(key)) {
        repeats++;
      } else if (about == topic && asks(facet)) {
        boolean first = (answered & 1 << facet) == 0;
        if (unclear) return;
        answered |= 1 << facet;
        right += first && truth ? 1 : 0;
        wrong += first && !truth ? 1 : 0;
        strays += first ? 0 : 1;
      } else if (about == topic && truth) {
        asides++;
      } else {
        strays++;
      }
    }
  }
}
