package dev.goodhart.lab.arith;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response read as a worked solution: steps, and the answer after the mark, {@code 12,13#132}.
 * Every text can be read; what is no number stays as it is and equals none.
 *
 * @param steps the texts between commas before the first mark
 * @param ends where each step ends in the response, its comma or mark included
 * @param answers what stands after each mark
 */
record Working(List<String> steps, List<Integer> ends, List<String> answers) {
  static final char MARK = '#';
  private static final char COMMA = ',';

  /** No response is read further than this, and a longer one has no answer. */
  private static final int MOST = 4096;

  static Working read(String response) {
    String text = response.length() > MOST ? response.substring(0, MOST) : response;
    List<String> steps = new ArrayList<>(8);
    List<Integer> ends = new ArrayList<>(8);
    List<String> answers = new ArrayList<>(2);
    int from = 0;
    boolean marked = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == MARK && marked) {
        answers.add(text.substring(from, i));
        from = i + 1;
      } else if (c == MARK || c == COMMA && !marked) {
        if (c == COMMA || i > from) {
          steps.add(text.substring(from, i));
          ends.add(i + 1);
        }
        marked = c == MARK;
        from = i + 1;
      }
    }
    if (marked) {
      answers.add(text.substring(from));
    } else if (from < text.length()) {
      steps.add(text.substring(from));
      ends.add(text.length());
    }
    return new Working(steps, ends, text.length() < response.length() ? List.of() : answers);
  }

  /** The values of all lines as a response; the last is the answer. */
  static String write(int[] values) {
    StringBuilder text = new StringBuilder(24);
    for (int i = 0; i < values.length - 1; i++) {
      if (i > 0) text.append(COMMA);
      text.append(values[i]);
    }
    return text.append(MARK).append(values[values.length - 1]).toString();
  }

  /** The only answer there is; null where there is none, or several. */
  @Nullable String answer() {
    return answers.size() == 1 ? answers.getFirst() : null;
  }

  /**
   * All lines as numbers, the answer last; null where one is none, or there is no single answer.
   */
  int @Nullable [] values() {
    String answer = answer();
    if (answer == null) return null;
    int[] values = new int[steps.size() + 1];
    for (int i = 0; i < values.length; i++) {
      String text = i < steps.size() ? steps.get(i) : answer;
      if (!isNumber(text)) return null;
      values[i] = Integer.parseInt(text);
    }
    return values;
  }

  /** As {@link Integer#toString} writes it, up to nine digits. */
  private static boolean isNumber(String text) {
    int from = text.startsWith("-") ? 1 : 0;
    int digits = text.length() - from;
    if (digits < 1 || digits > 9 || (text.charAt(from) == '0' && text.length() > 1)) return false;
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
    }
    return true;
  }
}
