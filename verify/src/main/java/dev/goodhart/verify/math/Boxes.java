package dev.goodhart.verify.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Finds {@code \boxed{…}} in one pass, however deep the braces go. */
final class Boxes {
  private static final int MAX_JOINED = 40;
  private static final int MAX_BETWEEN = 48;
  private static final int MAX_TRUNCATED = 200;

  /**
   * @param start where its command begins
   */
  private record Box(int start, int end, String contents) {}

  /**
   * The contents of the last box, or of the last ones that are joined to a list; empty when there
   * is none.
   */
  static String last(String text) {
    if (text.lastIndexOf("boxed") < 0 && text.lastIndexOf("\\fbox") < 0) {
      return "";
    }
    List<Box> boxes = all(text);
    if (boxes.isEmpty()) {
      return "";
    }
    List<String> joined = new ArrayList<>();
    Box box = boxes.getLast();
    joined.add(box.contents());
    for (int k = boxes.size() - 2; k >= 0 && joined.size() < MAX_JOINED; k--) {
      Box before = boxes.get(k);
      if (before.end() > box.start()
          || !Connectives.join(text, before.end(), box.start(), MAX_BETWEEN)) {
        break;
      }
      if (!joined.contains(before.contents())) {
        joined.addFirst(before.contents());
      }
      box = before;
    }
    return joined.size() == 1 ? joined.getFirst() : String.join(", ", joined);
  }

  /** The different contents of all boxes, in order. */
  static List<String> contents(String text) {
    return all(text).stream().map(Box::contents).distinct().toList();
  }

  private static List<Box> all(String text) {
    List<Box> boxes = new ArrayList<>();
    int[] open = new int[64];
    int depth = 0;
    int pending = -1; // where the command began whose brace comes next
    int truncated = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        int length = text.startsWith("\\boxed", i) ? 6 : text.startsWith("\\fbox", i) ? 5 : 0;
        if (length == 0) {
          i++;
          continue;
        }
        int at = i + length;
        while (at < text.length() && text.charAt(at) == ' ') {
          at++;
        }
        if (at < text.length() && text.charAt(at) == '{') {
          pending = i;
          i = at - 1;
        } else if (at < text.length()
            && !Lexer.isAsciiLetter(text.charAt(i + length))
            && text.charAt(at) != '}') {
          int to = at;
          while (to < text.length() && " \n\t$.,;}".indexOf(text.charAt(to)) < 0) {
            to++;
          }
          add(boxes, new Box(i, to, text.substring(at, to)));
          i = to - 1;
        } else {
          i = at - 1;
        }
      } else if (c == '{') {
        if (depth + 1 >= open.length) {
          open = Arrays.copyOf(open, open.length * 2);
        }
        open[depth++] = pending >= 0 ? -pending - 1 : i;
        if (pending >= 0) {
          truncated = i;
        }
        pending = -1;
      } else if (c == '}' && depth > 0) {
        int start = open[--depth];
        if (start < 0) {
          int brace = text.indexOf('{', -start - 1);
          add(boxes, new Box(-start - 1, i + 1, text.substring(brace + 1, i).strip()));
        }
      }
    }
    boolean unclosed = false;
    for (int k = 0; k < depth; k++) {
      unclosed |= open[k] < 0;
    }
    if (unclosed && truncated >= 0 && (boxes.isEmpty() || truncated > boxes.getLast().end())) {
      int line = text.indexOf('\n', truncated);
      String rest = text.substring(truncated + 1, line < 0 ? text.length() : line).strip();
      if (rest.length() <= MAX_TRUNCATED) {
        add(boxes, new Box(truncated, text.length(), rest.replace("$", "")));
      }
    }
    boxes.sort(Comparator.comparingInt(Box::end));
    return boxes;
  }

  /** Empty boxes say nothing; an outer box replaces the ones inside it. */
  private static void add(List<Box> boxes, Box box) {
    while (!boxes.isEmpty() && boxes.getLast().start() > box.start()) {
      boxes.removeLast();
    }
    if (!box.contents().isBlank()) {
      boxes.add(box);
    }
  }

  private Boxes() {}
}
