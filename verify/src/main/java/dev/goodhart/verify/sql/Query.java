package dev.goodhart.verify.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One statement, and whether it may run: a {@code SELECT}, {@code VALUES}, or a {@code WITH} that
 * ends in one of them. The database is open for reading alone, so this is the first wall and not
 * the only one; it is what stands before {@code PRAGMA} and its table-valued functions, several
 * statements, and functions that the library adds to SQLite's own.
 *
 * @param text the statement without the semicolon behind it
 * @param refusal why it may not run, or empty
 */
record Query(String text, List<Token> tokens, Optional<String> refusal) {
  static final int LONGEST = 1 << 16;
  private static final int DEEPEST = 200;

  private static final Pattern HIDDEN =
      Pattern.compile(
          "pragma_.*|sqlite_dbpage|sqlite_stmt|bytecode|tables_used|dbstat|fts3tokenize|fts5vocab");

  /** Extension loading, and what is not SQLite's own but the library's. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "load_extension",
          "fts3_tokenizer",
          "readfile",
          "writefile",
          "edit",
          "eval",
          "atn2",
          "charindex",
          "cot",
          "coth",
          "difference",
          "leftstr",
          "rightstr",
          "lower_quartile",
          "upper_quartile",
          "median",
          "mode",
          "padc",
          "padl",
          "padr",
          "percentile",
          "percentile_cont",
          "percentile_disc",
          "proper",
          "replicate",
          "reverse",
          "square",
          "stdev",
          "strfilter",
          "variance");

  static Query of(String sql) {
    if (sql.length() > LONGEST) {
      return refused("", "more than " + LONGEST + " characters");
    }
    // SQLite skips a byte order mark like a space.
    String text = sql.replace('\uFEFF', ' ').strip();
    if (text.indexOf('\0') >= 0) {
      return refused("", "a NUL character");
    }
    List<List<Token>> statements = statements(Token.of(text));
    if (statements.isEmpty()) {
      return refused("", "no statement");
    }
    if (statements.size() > 1) {
      return refused(text, statements.size() + " statements");
    }
    List<Token> tokens = statements.getFirst();
    String statement = text.substring(tokens.getFirst().start(), tokens.getLast().end());
    return new Query(statement, tokens, refusal(tokens));
  }

  /** Every statement of a text, as the references of a row with several accepted queries. */
  static List<Query> all(String sql) {
    if (sql.length() > LONGEST) {
      return List.of(of(sql));
    }
    return statements(Token.of(sql)).stream()
        .map(tokens -> of(sql.substring(tokens.getFirst().start(), tokens.getLast().end())))
        .toList();
  }

  private static Query refused(String text, String why) {
    return new Query(text, List.of(), Optional.of(why));
  }

  private static List<List<Token>> statements(List<Token> tokens) {
    List<List<Token>> statements = new ArrayList<>();
    List<Token> open = new ArrayList<>();
    for (Token token : tokens) {
      if (!token.is(";")) {
        open.add(token);
      } else if (!open.isEmpty()) {
        statements.add(open);
        open = new ArrayList<>();
      }
    }
    if (!open.isEmpty()) {
      statements.add(open);
    }
    return statements;
  }

  private static Optional<String> refusal(List<Token> tokens) {
    Token first = tokens.getFirst();
    String verb = first.is("WITH") ? verbAfterWith(tokens) : first.text();
    if (first.kind() != Token.Kind.WORD
        || !(verb.equalsIgnoreCase("SELECT") || verb.equalsIgnoreCase("VALUES"))) {
      return Optional.of("not a query but " + (verb.length() > 40 ? verb.substring(0, 40) : verb));
    }
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth > DEEPEST) {
        return Optional.of("more than " + DEEPEST + " parentheses in each other");
      }
      if (token.names()) {
        String name = token.lower();
        boolean called = i + 1 < tokens.size() && tokens.get(i + 1).is("(");
        if (HIDDEN.matcher(name).matches() || (called && FUNCTIONS.contains(name))) {
          return Optional.of("the use of " + name);
        }
      }
    }
    return Optional.empty();
  }

  /** The word after the last common table expression: what follows a closing parenthesis. */
  private static String verbAfterWith(List<Token> tokens) {
    int depth = 0;
    for (int i = 1; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (depth == 0
          && tokens.get(i - 1).is(")")
          && !token.is("AS")
          && !token.is(",")
          && !token.is("(")) {
        return token.text();
      }
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
    }
    return "WITH";
  }

  /** Whether its result is in an order: {@code ORDER BY} outside all parentheses. */
  boolean ordered() {
    return orderBy() >= 0;
  }

  /** The token after {@code ORDER BY} outside all parentheses, or -1. */
  int orderBy() {
    int depth = 0;
    for (int i = 0; i + 1 < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth == 0 && token.is("ORDER") && tokens.get(i + 1).is("BY")) {
        return i + 2;
      }
    }
    return -1;
  }

  /** Whether its rows, and not only their order, can depend on the order of what it reads. */
  boolean dependsOnOrder() {
    return tokens.stream()
        .anyMatch(
            t ->
                t.kind() == Token.Kind.WORD
                    && Set.of("limit", "group", "over", "group_concat", "string_agg")
                        .contains(t.lower()));
  }

  /** Whether the words "order by" stand anywhere in it. */
  boolean mentionsOrder() {
    return text.toLowerCase(Locale.ROOT).contains("order by");
  }

  /** Whether it may give another result tomorrow: it asks for the time or for chance. */
  boolean fleeting() {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.contains("now")
        || lower.contains("current_")
        || lower.contains("random")
        || Pattern.compile("\\b(date|time|datetime|julianday|unixepoch)\\s*\\(\\s*\\)")
            .matcher(lower)
            .find();
  }

  /** The tables of the schema that it names, in lower case. */
  Set<String> tables(Set<String> schema) {
    Set<String> named = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (!before(i, ".")) {
        add(named, schema, tokens.get(i));
      }
    }
    return named;
  }

  /** The columns of the schema that it names, in lower case; not where a table stands. */
  Set<String> columns(Set<String> schema) {
    Set<String> named = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      boolean qualifies = i + 1 < tokens.size() && tokens.get(i + 1).is(".");
      if (!qualifies && !before(i, "FROM") && !before(i, "JOIN")) {
        add(named, schema, tokens.get(i));
      }
    }
    return named;
  }

  /** Its tables and columns together, told apart. */
  Set<String> names(Schema schema) {
    Set<String> names = new HashSet<>();
    tables(schema.tables()).forEach(table -> names.add("table " + table));
    columns(schema.columns()).forEach(column -> names.add("column " + column));
    return names;
  }

  /** Two tokens in a row, without regard to case (but in texts) and white space. */
  Set<String> bigrams() {
    Set<String> bigrams = new HashSet<>();
    for (int i = 1; i < tokens.size(); i++) {
      bigrams.add(normal(tokens.get(i - 1)) + '\0' + normal(tokens.get(i)));
    }
    return bigrams;
  }

  private static String normal(Token token) {
    return token.kind() == Token.Kind.STRING ? "'" + token.text() : token.lower();
  }

  private boolean before(int i, String symbolOrKeyword) {
    return i > 0 && tokens.get(i - 1).is(symbolOrKeyword);
  }

  private static void add(Set<String> named, Set<String> schema, Token token) {
    boolean isName = token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.QUOTED;
    if (isName && schema.contains(token.lower())) {
      named.add(token.lower());
    }
  }
}
