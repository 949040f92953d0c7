package dev.goodhart.verify.text;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds all entries of a list in a text in one pass (Aho and Corasick 1975), so that the time grows
 * with the text and not with the list.
 */
final class WordList {
  private static final int MOST_CHARACTERS = 1 << 20;

  private final List<String> entries;
  private final boolean matchCase;
  private final boolean wholeWords;
  private final Node root = new Node(0);

  private static final class Node {
    final Map<Character, Node> next = new HashMap<>(2);
    final int depth;
    int entry = -1;
    Node fail = this;

    /** The nearest shorter entry that ends here too. */
    Node shorter = this;

    Node(int depth) {
      this.depth = depth;
    }
  }

  /**
   * @param entries words or phrases; blank ones are left out
   * @param wholeWords whether an entry counts only where no letter or digit stands next to it
   * @throws IllegalArgumentException if they have a million characters
   */
  WordList(Collection<String> entries, boolean matchCase, boolean wholeWords) {
    this.matchCase = matchCase;
    this.wholeWords = wholeWords;
    Set<String> distinct = new LinkedHashSet<>();
    entries.stream().map(String::strip).filter(e -> !e.isEmpty()).forEach(distinct::add);
    this.entries = List.copyOf(distinct);
    if (distinct.stream().mapToLong(String::length).sum() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "words: expected at most " + MOST_CHARACTERS + " characters");
    }
    for (int i = 0; i < this.entries.size(); i++) {
      insert(this.entries.get(i), i);
    }
    link();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  private void insert(String entry, int number) {
    Node at = root;
    for (int i = 0; i < entry.length(); i++) {
      Node from = at;
      at = at.next.computeIfAbsent(folded(entry.charAt(i)), c -> new Node(from.depth + 1));
    }
    at.entry = at.entry < 0 ? number : at.entry;
  }

  private void link() {
    ArrayDeque<Node> queue = new ArrayDeque<>();
    root.next.values().forEach(node -> adopt(node, root, queue));
    while (!queue.isEmpty()) {
      Node node = queue.remove();
      node.next.forEach(
          (c, child) -> {
            Node fail = node.fail;
            while (fail != root && !fail.next.containsKey(c)) {
              fail = fail.fail;
            }
            adopt(child, fail.next.getOrDefault(c, root), queue);
          });
    }
  }

  private void adopt(Node child, Node fail, ArrayDeque<Node> queue) {
    child.fail = fail;
    child.shorter = fail.entry >= 0 ? fail : fail.shorter == fail ? root : fail.shorter;
    queue.add(child);
  }

  /** The entries that a text mentions, as they were given. */
  Set<String> in(String text) {
    boolean[] seen = new boolean[entries.size()];
    int left = seen.length;
    Node at = root;
    for (int i = 0; i < text.length() && left > 0; i++) {
      char c = folded(text.charAt(i));
      Node next;
      while ((next = at.next.get(c)) == null && at != root) {
        at = at.fail;
      }
      at = next == null ? root : next;
      for (Node hit = at; hit != root; hit = hit.shorter) {
        if (hit.entry >= 0 && !seen[hit.entry] && isWhole(text, i + 1 - hit.depth, i + 1)) {
          seen[hit.entry] = true;
          left--;
        }
      }
    }
    Set<String> found = new LinkedHashSet<>();
    for (int i = 0; i < seen.length; i++) {
      if (seen[i]) {
        found.add(entries.get(i));
      }
    }
    return found;
  }

  /** An entry that itself begins or ends with a symbol needs no boundary there. */
  private boolean isWhole(String text, int start, int end) {
    return !wholeWords
        || !(start > 0 && isWord(text.codePointBefore(start)) && isWord(text.codePointAt(start)))
            && !(end < text.length()
                && isWord(text.codePointAt(end))
                && isWord(text.codePointBefore(end)));
  }

  private static boolean isWord(int c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private char folded(char c) {
    return matchCase ? c : Character.toLowerCase(Character.toUpperCase(c));
  }
}
