package dev.goodhart.verify.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Python function's body with one small change, as a programmer's slip would make it.
 *
 * @param change what was changed, in words
 */
record Mutant(String body, String change) {
  /** Strings and comments, which are left alone; then what can be changed. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<skip>\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''|\"(?:\\\\.|[^\"\\\\\\n"
              + "])*\"|'(?:\\\\.|[^'\\\\\\n"
              + "])*'|#[^\\n"
              + "]*|->|\\*\\*|[-+*/%]=)|(?<operator><=|>=|==|!=|//|<|>|\\+|-|\\*|%|\\band\\b|\\bor\\b|\\bTrue\\b|\\bFalse\\b|\\bmin\\b|\\bmax\\b|\\bnot"
              + " in\\b|\\bin\\b(?=[^:\\n"
              + "]*\\bif\\b))|(?<number>(?<![\\w.])\\d+(?![\\w.]))"
              + "|(?<result>\\breturn\\s+(?=\\S))");

  private static final Map<String, String> OTHER =
      Map.ofEntries(
          Map.entry("<=", "<"),
          Map.entry(">=", ">"),
          Map.entry("<", "<="),
          Map.entry(">", ">="),
          Map.entry("==", "!="),
          Map.entry("!=", "=="),
          Map.entry("//", "*"),
          Map.entry("+", "-"),
          Map.entry("-", "+"),
          Map.entry("*", "+"),
          Map.entry("%", "//"),
          Map.entry("and", "or"),
          Map.entry("or", "and"),
          Map.entry("True", "False"),
          Map.entry("False", "True"),
          Map.entry("min", "max"),
          Map.entry("max", "min"),
          Map.entry("not in", "in"));

  /**
   * Every body with one change: an operator for its neighbour, a number one up, a result thrown
   * away.
   */
  static List<Mutant> of(String body) {
    List<Mutant> mutants = new ArrayList<>();
    Matcher token = TOKEN.matcher(body);
    while (token.find()) {
      if (token.group("skip") != null) {
        continue;
      }
      String found = token.group();
      String made;
      if (token.group("result") != null) {
        made = "return None and ";
      } else if (token.group("number") != null) {
        made = found.length() > 15 ? "0" : String.valueOf(Long.parseLong(found) + 1);
      } else if (OTHER.containsKey(found)) {
        made = OTHER.get(found);
      } else {
        continue;
      }
      int line = (int) body.substring(0, token.start()).chars().filter(c -> c == '\n').count() + 1;
      mutants.add(
          new Mutant(
              body.substring(0, token.start()) + made + body.substring(token.end()),
              "line " + line + ": " + found.strip() + " to " + made.strip()));
    }
    return mutants;
  }
}
