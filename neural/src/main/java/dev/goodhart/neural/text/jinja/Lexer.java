package dev.goodhart.neural.text.jinja;

import dev.goodhart.neural.text.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with Jinja2's treatment of white space as transformers sets it:
 * {@code trim_blocks} (the line break after a block goes), {@code lstrip_blocks} (white space from
 * the beginning of the line to a block goes), and {@code -} or {@code +} inside the delimiters.
 */
final class Lexer {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<space>\\s+)|(?<float>\\d+(?:_\\d+)*(?:\\.\\d+(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+))"
              + "|(?<int>\\d+(?:_\\d+)*)|(?<name>[\\p{L}_][\\p{L}\\p{N}_]*)"
              + "|(?<string>'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\")"
              + "|(?<op>\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}])",
          Pattern.DOTALL);
  private static final Pattern RAW_END =
      Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}", Pattern.DOTALL);
  private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*([-+]?)%}");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** Whether what comes next stands at the beginning of a line. */
  private boolean lineStart = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) source = source.substring(0, source.length() - 1);
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int open = nextTag();
      if (open < 0) {
        text(source.substring(at));
        at = source.length();
        break;
      }
      char kind = source.charAt(open + 1);
      char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
      text(before(open, kind, sign));
      moveTo(open);
      Matcher raw = RAW.matcher(source).region(at, source.length());
      if (kind == '#') comment();
      else if (kind == '%' && raw.lookingAt()) raw(raw);
      else tag(kind, sign);
    }
    tokens.add(new Token(Kind.END, "", line));
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) return i;
    }
    return -1;
  }

  /** The text before a tag, without the white space that the tag takes away. */
  private String before(int open, char kind, char sign) {
    String text = source.substring(at, open);
    if (sign == '-') return text.stripTrailing();
    if (sign == '+' || kind == '{') return text;
    int begin = text.lastIndexOf('\n') + 1;
    boolean alone = (begin > 0 || lineStart) && text.substring(begin).isBlank();
    return alone ? text.substring(0, begin) : text;
  }

  private void text(String text) {
    if (!text.isEmpty()) tokens.add(new Token(Kind.TEXT, text, line));
  }

  private void comment() {
    int end = source.indexOf("#}", at + 2);
    if (end < 0) throw JinjaException.at(line, "a comment {# is not closed");
    close(end, end + 2, true);
  }

  private void raw(Matcher begin) {
    int from = begin.end();
    moveTo(from);
    if (begin.group(1).equals("-")) skipSpace();
    else if (begin.group(1).isEmpty()) skipLineBreak();
    lineStart = at > from && source.charAt(at - 1) == '\n';
    Matcher end = RAW_END.matcher(source);
    if (!end.find(at)) throw JinjaException.at(line, "{% raw %} is not closed");
    text(before(end.start(), '%', end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0)));
    close(end.end() - 2 - end.group(2).length(), end.end(), true);
  }

  /** After a tag whose last delimiter ends at an index: its sign, the white space it takes. */
  private void close(int delimiter, int end, boolean trims) {
    char sign = source.charAt(delimiter == end - 3 ? delimiter : delimiter - 1);
    moveTo(end);
    lineStart = false;
    if (sign == '-') skipSpace();
    else if (sign != '+' && trims) skipLineBreak();
    lineStart = at > end && source.charAt(at - 1) == '\n';
  }

  private void tag(char kind, char sign) {
    boolean block = kind == '%';
    tokens.add(new Token(block ? Kind.BLOCK_BEGIN : Kind.OUTPUT_BEGIN, block ? "{%" : "{{", line));
    moveTo(at + (sign == '-' || sign == '+' ? 3 : 2));
    String end = block ? "%}" : "}}";
    Deque<Character> open = new ArrayDeque<>();
    Matcher token = TOKEN.matcher(source);
    while (true) {
      int signed = at;
      if (signed < source.length() && "-+".indexOf(source.charAt(signed)) >= 0) signed++;
      if (open.isEmpty() && source.startsWith(end, signed)) {
        tokens.add(new Token(block ? Kind.BLOCK_END : Kind.OUTPUT_END, end, line));
        close(at, signed + 2, block);
        return;
      }
      if (!token.region(at, source.length()).lookingAt()) {
        throw JinjaException.at(
            line,
            at >= source.length()
                ? (block ? "{%" : "{{") + " is not closed"
                : "unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
      }
      add(token, open);
      moveTo(token.end());
    }
  }

  private void add(Matcher token, Deque<Character> open) {
    String text = token.group();
    if (token.group("space") != null) return;
    if (token.group("name") != null) tokens.add(new Token(Kind.NAME, text, line));
    else if (token.group("string") != null) {
      tokens.add(new Token(Kind.STRING, unescape(text.substring(1, text.length() - 1)), line));
    } else if (token.group("float") != null) {
      tokens.add(new Token(Kind.FLOAT, text.replace("_", ""), line));
    } else if (token.group("int") != null) {
      tokens.add(new Token(Kind.INTEGER, text.replace("_", ""), line));
    } else {
      char c = text.charAt(0);
      if (c == '(' || c == '[' || c == '{') open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
      else if (")]}".indexOf(c) >= 0 && (open.isEmpty() || open.pop() != c)) {
        throw JinjaException.at(line, "unexpected '" + c + "'");
      }
      tokens.add(new Token(Kind.OPERATOR, text, line));
    }
  }

  private void skipSpace() {
    int to = at;
    while (to < source.length() && Character.isWhitespace(source.charAt(to))) to++;
    moveTo(to);
  }

  private void skipLineBreak() {
    if (at < source.length() && source.charAt(at) == '\n') moveTo(at + 1);
  }

  private void moveTo(int to) {
    for (int i = at; i < to; i++) if (source.charAt(i) == '\n') line++;
    at = to;
  }

  /** Python's escapes in a string literal. */
  private static String unescape(String literal) {
    if (literal.indexOf('\\') < 0) return literal;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c != '\\' || i + 1 == literal.length()) {
        text.append(c);
        continue;
      }
      char e = literal.charAt(++i);
      int simple = "ntr\\'\"abfv0\n".indexOf(e);
      int digits = e == 'x' ? 2 : e == 'u' ? 4 : e == 'U' ? 8 : 0;
      if (simple == 11) continue;
      if (simple >= 0) text.append("\n\t\r\\'\"\7\b\f\13\0".charAt(simple));
      else if (digits > 0 && isHex(literal, i + 1, digits)) {
        text.appendCodePoint(Integer.parseInt(literal, i + 1, i + 1 + digits, 16));
        i += digits;
      } else text.append('\\').append(e);
    }
    return text.toString();
  }

  private static boolean isHex(String text, int from, int digits) {
    if (from + digits > text.length()) return false;
    for (int i = from; i < from + digits; i++) {
      if (Character.digit(text.charAt(i), 16) < 0) return false;
    }
    return digits < 8 || Long.parseLong(text, from, from + digits, 16) <= Character.MAX_CODE_POINT;
  }
}
