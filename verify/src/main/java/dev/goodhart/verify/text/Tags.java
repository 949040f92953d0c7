package dev.goodhart.verify.text;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Verifier;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Whether the response keeps to a format of tags: {@code <think>…</think><answer>…</answer>}. The
 * format reward of R1-style training.
 *
 * <p>With {@code score: all} it is 1 if every check that is on holds, else 0; with {@code fraction}
 * the share of the opening and closing tags that stand there exactly once, a gentler slope for a
 * policy that does not know the format yet. The parts, each 0 or 1: {@code present} (each tag
 * opened and closed), {@code once} (each opened and closed once), {@code ordered} (as listed, one
 * closed before the next is opened), {@code bare} (nothing but white space outside them), {@code
 * filled} (something in each).
 *
 * @param tags their names, in order
 * @param score what a response that keeps to some of it earns
 * @param once whether each may stand there only once
 * @param ordered whether they have to stand in the order of the list, side by side
 * @param bare whether nothing may stand outside them
 * @param filled whether none may be empty: with it off, a policy learns not to think
 * @param prefix what the chat template has already written for the response, {@code <think>} with
 *     many
 */
@Method
public record Tags(
    @Default("[think, answer]") List<String> tags,
    @Default("all") Score score,
    @Default("true") boolean once,
    @Default("true") boolean ordered,
    @Default("true") boolean bare,
    @Default("true") boolean filled,
    @Default("") String prefix)
    implements Verifier {

  /** What a response that keeps to some of the format earns. */
  public enum Score {
    /** Nothing. */
    ALL,
    /** The share of the tags that stand there exactly once. */
    FRACTION
  }

  public Tags {
    tags = List.copyOf(tags);
    if (tags.isEmpty() || tags.size() > 100) {
      throw new IllegalArgumentException("tags: expected 1 to 100 names, found " + tags.size());
    }
    if (new HashSet<>(tags).size() < tags.size()) {
      throw new IllegalArgumentException("tags: one stands twice in " + tags);
    }
    for (String tag : tags) {
      if (!tag.matches("[\\w:.-]{1,64}")) {
        throw new IllegalArgumentException(
            "tags: expected names of letters, digits, '_', '-', ':' or '.', found '" + tag + "'");
      }
    }
  }

  /** Thought and answer, strictly. */
  public Tags() {
    this(List.of("think", "answer"), Score.ALL, true, true, true, true, "");
  }

  @Override
  public Reward of(Sample sample) {
    return Compared.alone(sample, Within.RESPONSE, text -> check(prefix + text));
  }

  /**
   * Where a tag stands: its first opening, its first closing behind that, and how often each does.
   */
  private record Place(int open, int content, int close, int end, int openings, int closings) {
    static Place of(String text, String tag) {
      String opening = "<" + tag + ">";
      String closing = "</" + tag + ">";
      int open = text.indexOf(opening);
      int content = open < 0 ? -1 : open + opening.length();
      int close = open < 0 ? -1 : text.indexOf(closing, content);
      int end = close < 0 ? -1 : close + closing.length();
      return new Place(open, content, close, end, count(text, opening), count(text, closing));
    }

    private static int count(String text, String what) {
      int count = 0;
      for (int at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + what.length())) {
        count++;
      }
      return count;
    }
  }

  private Reward check(String text) {
    List<Place> places = tags.stream().map(tag -> Place.of(text, tag)).toList();
    boolean isPresent = places.stream().allMatch(p -> p.close >= 0);
    boolean isOnce = places.stream().allMatch(p -> p.openings == 1 && p.closings == 1);
    boolean isOrdered = isPresent;
    boolean isBare = isPresent;
    int at = 0;
    for (Place place : isPresent ? places : List.<Place>of()) {
      isOrdered &= place.open >= at;
      isBare &= place.open >= at && text.substring(at, place.open).isBlank();
      at = place.end;
    }
    isBare &= isPresent && text.substring(at).isBlank();
    boolean isFilled =
        isPresent && places.stream().noneMatch(p -> text.substring(p.content, p.close).isBlank());

    Map<String, Reward> parts = new LinkedHashMap<>();
    parts.put("present", Reward.of(isPresent ? 1 : 0));
    parts.put("once", Reward.of(isOnce ? 1 : 0));
    parts.put("ordered", Reward.of(isOrdered ? 1 : 0));
    parts.put("bare", Reward.of(isBare ? 1 : 0));
    parts.put("filled", Reward.of(isFilled ? 1 : 0));
    boolean all =
        isPresent
            && (isOnce || !once)
            && (isOrdered || !ordered)
            && (isBare || !bare)
            && (isFilled || !filled);
    double value = score == Score.ALL ? (all ? 1 : 0) : share(places);
    return new Scored(value, OptionalDouble.empty(), parts);
  }

  private double share(List<Place> places) {
    long single =
        places.stream().mapToLong(p -> (p.openings == 1 ? 1 : 0) + (p.closings == 1 ? 1 : 0)).sum();
    return single / (2.0 * tags.size());
  }
}
