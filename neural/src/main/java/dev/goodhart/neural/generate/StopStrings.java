package dev.goodhart.neural.generate;

import java.util.List;

/**
 * Cuts a growing text before the stop string that is complete first, wherever the borders of the
 * pieces lie: an end that may yet become a stop string is held back.
 */
final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  StopStrings(List<String> stops) {
    this.stops = stops;
  }

  /** Whether a stop string is complete. */
  boolean stopped() {
    return stopped;
  }

  /** What can be given out now that the text has grown by this piece. */
  String add(String piece) {
    if (stopped) return "";
    held.append(piece);
    int start = -1;
    int end = Integer.MAX_VALUE;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      int until = at + stop.length();
      if (at >= 0 && (until < end || until == end && at < start)) {
        start = at;
        end = until;
      }
    }
    stopped = start >= 0;
    int out = stopped ? start : held.length() - undecided();
    String text = held.substring(0, out);
    held.delete(0, stopped ? held.length() : out);
    return text;
  }

  /** How many characters at the end may be the beginning of a stop string. */
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) longest = n;
      }
    }
    return longest;
  }

  /** What was held back, now that nothing follows. */
  String end() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }
}
