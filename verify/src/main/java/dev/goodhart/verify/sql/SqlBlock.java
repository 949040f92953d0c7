package dev.goodhart.verify.sql;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SQL in a response: its last fenced block marked {@code sql} (or {@code sqlite}), else its
 * last unmarked block, else its last statement that begins a line with {@code SELECT}, {@code WITH
 * ... AS (} or {@code VALUES (}, up to a semicolon or an empty line, else from the first {@code
 * SELECT} anywhere. What stands before a closing {@code </think>} is not looked at, and of a
 * response with {@code <answer>} only its last one.
 */
final class SqlBlock {
  private static final Pattern FENCE =
      Pattern.compile("^[ \\t]*(`{3,}|~{3,})[ \\t]*([\\w+-]*)[ \\t]*", Pattern.MULTILINE);
  private static final String STATEMENT =
      "(?:SELECT\\b|WITH\\s+(?:RECURSIVE\\s+)?[\\w\"`\\[\\]]{1,80}\\s*(?:\\([^()]{0,500}\\)\\s*)?AS"
          + "\\s*(?:NOT\\s+)?(?:MATERIALIZED\\s*)?\\(|VALUES\\s*\\()";
  private static final Pattern LINE =
      Pattern.compile("^[ \\t>]*(" + STATEMENT + ")", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);
  private static final Pattern ANYWHERE =
      Pattern.compile("\\b" + STATEMENT, Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHER =
      Pattern.compile(
          "^\\s*(?:INSERT|UPDATE|DELETE|REPLACE|DROP|CREATE|ALTER|ATTACH|DETACH|PRAGMA|EXPLAIN"
              + "|VACUUM|BEGIN|REINDEX|ANALYZE|SAVEPOINT)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern EMPTY_LINE = Pattern.compile("\\n[ \\t]*\\n");

  /** More than any answer, and little enough to look through. */
  private static final int LONGEST = 1 << 18;

  /** Statements of one response that are looked at. */
  private static final int MOST = 200;

  private SqlBlock() {}

  static Optional<String> of(String response) {
    String text = response.length() > LONGEST ? tail(response) : response;
    text = text.replace("\r\n", "\n");
    int thought = text.lastIndexOf("</think>");
    text = thought < 0 ? text : text.substring(thought + "</think>".length());
    int answer = text.lastIndexOf("<answer>");
    if (answer >= 0) {
      int close = text.indexOf("</answer>", answer);
      text = text.substring(answer + "<answer>".length(), close < 0 ? text.length() : close);
    }
    Optional<String> fenced = fenced(text);
    return fenced.isPresent() ? fenced : bare(text);
  }

  private static String tail(String response) {
    return response.substring(response.length() - LONGEST);
  }

  private static Optional<String> fenced(String text) {
    String marked = null;
    String plain = null;
    Matcher fence = FENCE.matcher(text);
    for (int at = 0; at < text.length() && fence.find(at); ) {
      String marks = fence.group(1);
      String tag = fence.group(2).toLowerCase(java.util.Locale.ROOT);
      int start = fence.end();
      // A block ends at the next such fence, or with the text.
      int end = text.indexOf("\n" + marks, start - 1);
      Matcher indented =
          Pattern.compile("^[ \\t]*" + marks, Pattern.MULTILINE)
              .matcher(text)
              .region(start, text.length());
      if (end < 0 && indented.find()) {
        end = indented.start();
      }
      int inline = text.indexOf(marks, start);
      int line = text.indexOf('\n', start);
      if (inline >= 0 && (line < 0 || inline < line)) {
        end = inline;
      }
      String block = text.substring(start, end < 0 ? text.length() : Math.max(start, end)).strip();
      if (!block.isEmpty()) {
        if (tag.equals("sql") || tag.equals("sqlite")) {
          marked = block;
        } else if (tag.isEmpty()) {
          plain = block;
        } else if (OTHER.matcher(tag).find() || tag.equals("select") || tag.equals("with")) {
          plain = tag + " " + block; // "```SELECT ...": the language is forgotten
        }
      }
      if (end < 0) {
        break;
      }
      at = text.indexOf(marks, end) + marks.length();
    }
    return Optional.ofNullable(marked != null ? marked : plain);
  }

  private static Optional<String> bare(String text) {
    String stripped = text.strip();
    if (OTHER.matcher(stripped).find() || severalStatements(stripped)) {
      return Optional.of(stripped); // to be refused
    }
    String last = null;
    Matcher line = LINE.matcher(text);
    int statements = 0;
    for (int at = 0; at <= text.length() && statements < MOST && line.find(at); statements++) {
      int start = line.start(1);
      int end = end(text, start);
      last = text.substring(start, end);
      at = end;
    }
    if (last != null) {
      return Optional.of(last.strip());
    }
    Matcher anywhere = ANYWHERE.matcher(text);
    return anywhere.find()
        ? Optional.of(text.substring(anywhere.start(), end(text, anywhere.start())).strip())
        : Optional.empty();
  }

  /** Whether all of it is SQL, and more than one statement. */
  private static boolean severalStatements(String text) {
    if (!LINE.matcher(text).lookingAt()) {
      return false;
    }
    List<Token> tokens = Token.of(text);
    int statements = 1;
    for (int i = 1; i < tokens.size(); i++) {
      if (tokens.get(i - 1).is(";") && !tokens.get(i).is(";")) {
        int from = tokens.get(i).start();
        String rest = text.substring(from, Math.min(text.length(), from + 1_000));
        if (!LINE.matcher(rest).lookingAt() && !OTHER.matcher(rest).find()) {
          return false;
        }
        statements++;
      }
    }
    return statements > 1;
  }

  /** Behind the statement's semicolon, else before an empty line between two of its tokens. */
  private static int end(String text, int start) {
    int last = start;
    String window = text.substring(0, Math.min(text.length(), start + Query.LONGEST + 1));
    for (Token token : Token.of(window, start, true)) {
      if (EMPTY_LINE.matcher(text).region(last, token.start()).find()) {
        return last;
      }
      last = token.end();
    }
    return last;
  }
}
