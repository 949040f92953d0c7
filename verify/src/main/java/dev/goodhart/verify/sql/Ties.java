package dev.goodhart.verify.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an {@code ORDER BY} leaves open: rows with the same keys may come in any order, and another
 * query that is as right may give them in another. The keys are known where they are columns of the
 * result, by number, by name or as the same expression; where they are not, every row has its
 * place.
 */
final class Ties {
  private Ties() {}

  /** The columns of the result that it is ordered by; empty if they are not all known. */
  static List<Integer> keys(Query query, Table result) {
    int start = query.orderBy();
    if (start < 0) {
      return List.of();
    }
    List<Token> tokens = query.tokens();
    int end = start;
    for (int depth = 0; end < tokens.size(); end++) {
      Token token = tokens.get(end);
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth == 0 && (token.is("LIMIT") || token.is("OFFSET"))) {
        break;
      }
    }
    List<String> items = items(tokens);
    List<Integer> keys = new ArrayList<>();
    for (List<Token> term : split(tokens.subList(start, end))) {
      int key = key(withoutDirection(term), items, result);
      if (key < 0) {
        return List.of();
      }
      keys.add(key);
    }
    return keys;
  }

  private static int key(List<Token> term, List<String> items, Table result) {
    if (term.size() == 1) {
      Token only = term.getFirst();
      if (only.text().matches("\\d{1,4}") && only.kind() == Token.Kind.WORD) {
        int number = Integer.parseInt(only.text());
        return number >= 1 && number <= result.width() ? number - 1 : -1;
      }
      if (only.kind() == Token.Kind.WORD || only.kind() == Token.Kind.QUOTED) {
        List<Integer> named = new ArrayList<>();
        for (int i = 0; i < result.width(); i++) {
          if (result.columns().get(i).equalsIgnoreCase(only.text())) {
            named.add(i);
          }
        }
        if (named.size() == 1) {
          return named.getFirst();
        }
      }
    }
    return items.size() == result.width() ? items.indexOf(text(term)) : -1;
  }

  /** The select list's expressions without their names. */
  private static List<String> items(List<Token> tokens) {
    int depth = 0;
    int select = -1;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth == 0 && select < 0 && token.is("SELECT")) {
        select = i + 1;
      } else if (depth == 0 && select >= 0 && token.is("FROM")) {
        if (tokens.get(select).is("DISTINCT") || tokens.get(select).is("ALL")) {
          select++;
        }
        return split(tokens.subList(select, i)).stream().map(item -> text(nameless(item))).toList();
      }
    }
    return List.of();
  }

  private static List<Token> nameless(List<Token> item) {
    int n = item.size();
    return n > 2 && item.get(n - 2).is("AS") ? item.subList(0, n - 2) : item;
  }

  private static List<Token> withoutDirection(List<Token> term) {
    int n = term.size();
    if (n > 2
        && term.get(n - 2).is("NULLS")
        && (term.get(n - 1).is("FIRST") || term.get(n - 1).is("LAST"))) {
      n -= 2;
    }
    if (n > 1 && (term.get(n - 1).is("ASC") || term.get(n - 1).is("DESC"))) {
      n--;
    }
    return term.subList(0, n);
  }

  private static List<List<Token>> split(List<Token> tokens) {
    List<List<Token>> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth == 0 && token.is(",")) {
        parts.add(tokens.subList(from, i));
        from = i + 1;
      }
    }
    parts.add(tokens.subList(from, tokens.size()));
    return parts;
  }

  private static String text(List<Token> tokens) {
    return tokens.stream()
        .map(t -> t.kind() == Token.Kind.STRING ? "'" + t.text() + "'" : t.lower())
        .collect(Collectors.joining(" "));
  }

  /**
   * Whether the rows are in the expected order, those of equal keys in any.
   *
   * @param keys columns of the expected rows; none: every row has its place
   */
  static boolean ordered(
      TableMatch match, List<Row> expected, List<Row> actual, List<Integer> keys) {
    if (keys.isEmpty() || expected.size() != actual.size()) {
      return match.lists(expected, actual);
    }
    for (int from = 0; from < expected.size(); ) {
      int to = from + 1;
      while (to < expected.size() && tied(expected.get(from), expected.get(to), keys)) {
        to++;
      }
      if (!match.multisets(expected.subList(from, to), actual.subList(from, to))) {
        return false;
      }
      from = to;
    }
    return true;
  }

  /** Whether an order of these rows says nothing. */
  static boolean allTied(List<Row> rows, List<Integer> keys) {
    return rows.stream()
        .allMatch(
            row -> keys.isEmpty() ? row.equals(rows.getFirst()) : tied(rows.getFirst(), row, keys));
  }

  private static boolean tied(Row a, Row b, List<Integer> keys) {
    return keys.stream().allMatch(key -> Row.compare(a.get(key), b.get(key)) == 0);
  }
}
