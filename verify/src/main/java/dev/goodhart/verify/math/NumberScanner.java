package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Token.Kind;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads numbers: thousands separators, decimals, repeating decimals, powers of ten behind an e. */
final class NumberScanner {
  private static final int MAX_DIGITS = 4_000;

  private final String s;
  private final Lexer.Commas commas;
  private int i;
  private int brackets;

  NumberScanner(String s, Lexer.Commas commas) {
    this.s = s;
    this.commas = commas;
  }

  int end() {
    return i;
  }

  /** The number at a place; {@link #end()} is then the place behind it. */
  Token scan(int from, int brackets, boolean spaced) {
    this.i = from;
    this.brackets = brackets;
    StringBuilder digits = new StringBuilder();
    while (i < s.length() && Lexer.isDigit(s.charAt(i))) {
      digits.append(s.charAt(i++));
    }
    int places = Expr.Num.EXACT;
    boolean european = false;
    int group;
    while (digits.length() > 0 && (group = grouping(digits, i - from)) > 0) {
      i += group;
      digits.append(s, i, i + 3);
      i += 3;
    }
    if (i + 1 < s.length()
        && s.charAt(i) == ','
        && Lexer.isDigit(s.charAt(i + 1))
        && commas == Lexer.Commas.DECIMAL
        && brackets == 0) {
      european = true;
    }
    if (s.startsWith("{,}", i) && fractionLength(i + 3) > 0) {
      i += 2; // 2{,}5
      european = true;
    }
    if (i < s.length()
        && (s.charAt(i) == '.' || european)
        && digits.length() + fractionLength(i + 1) > 0) {
      int fraction = fractionLength(i + 1);
      if (europeanGroups(fraction)) {
        // 1.234,56
        digits.append(s, i + 1, i + 4);
        i += 4;
        fraction = fractionLength(i + 1);
      }
      if (fraction > 0) {
        digits.append(s, i + 1, i + 1 + fraction);
        i += 1 + fraction;
        places = fraction;
      } else if (!s.startsWith("...", i)) {
        i++;
      }
      Token repeating = repeating(digits, places, spaced);
      if (repeating != null) {
        return repeating;
      }
    }
    if (digits.length() > MAX_DIGITS) {
      throw new TooLarge("a number of " + digits.length() + " digits");
    }
    int exponent = exponent();
    BigInteger value = digits.length() == 0 ? BigInteger.ZERO : new BigInteger(digits.toString());
    if (exponent != 0) {
      places = (places == Expr.Num.EXACT ? 0 : places) - exponent;
    }
    Expr.Num number =
        places == Expr.Num.EXACT
            ? Expr.number(Rational.of(value))
            : new Expr.Num(Rational.decimal(value, places), places);
    return new Token(Kind.NUMBER, digits.toString(), spaced, number);
  }

  private int fractionLength(int from) {
    int to = from;
    while (to < s.length() && Lexer.isDigit(s.charAt(to))) {
      to++;
    }
    return to - from;
  }

  /**
   * Whether what follows is {@code .234,56}: a point that groups before a comma that marks
   * decimals.
   */
  private boolean europeanGroups(int fraction) {
    return fraction == 3
        && s.charAt(i) == '.'
        && brackets == 0
        && i + 5 < s.length()
        && s.charAt(i + 4) == ','
        && Lexer.isDigit(s.charAt(i + 5))
        && fractionLength(i + 5) != 3;
  }

  /** The length of a thousands separator at this place, or 0. */
  private int grouping(StringBuilder digits, int written) {
    if (digits.length() > 3 && written == digits.length()
        || digits.charAt(0) == '0'
        || i >= s.length()) {
      return 0;
    }
    char c = s.charAt(i);
    int length = 0;
    if (c == ',' || c == '，') {
      length = commas == Lexer.Commas.GROUP && brackets == 0 ? 1 : 0;
      if (length == 1 && s.startsWith(",\\!", i)) {
        length = s.startsWith(",\\! ", i) ? 4 : 3;
      }
    } else if (s.startsWith("{,}", i)) {
      length = 3;
    } else if (s.startsWith("\\,", i)
        || s.startsWith("\\;", i)
        || s.startsWith("\\ ", i)
        || s.startsWith("\\:", i)) {
      length = 2;
    } else if (c == '\u00a0' || c == '\u2009' || c == '\u202f' || c == '~') {
      length = 1;
    } else if (c == ' ' && brackets == 0) {
      length = 1;
    }
    return length > 0 && fractionLength(i + length) == 3 && !(c == ' ' && fractionFollows(i + 4))
        ? length
        : 0;
  }

  /** {@code 1 234/5} is a mixed number, not 1234/5. */
  private boolean fractionFollows(int at) {
    return at < s.length() && s.charAt(at) == '/';
  }

  /**
   * {@code 0.1\overline{6}}, {@code 0.\dot{3}}, {@code 0.(3)}: as the exact fraction; null when
   * nothing repeats.
   */
  private @Nullable Token repeating(StringBuilder digits, int places, boolean spaced) {
    int at = i;
    int close = 0;
    String repeated = "";
    for (String mark : List.of("\\overline", "\\bar", "\\dot", "(")) {
      if (s.startsWith(mark, at)) {
        int from = at + mark.length();
        boolean group = mark.equals("(") || (from < s.length() && s.charAt(from) == '{');
        if (group && !mark.equals("(")) {
          from++;
        }
        int length = group ? fractionLength(from) : Math.min(1, fractionLength(from));
        close = from + length + (group ? 1 : 0);
        boolean closed =
            !group
                || (close <= s.length()
                    && "})".indexOf(s.charAt(Math.min(close - 1, s.length() - 1))) >= 0);
        if (length > 0 && closed && !(mark.equals("(") && places != Expr.Num.EXACT)) {
          repeated = s.substring(from, from + length);
        }
        break;
      }
    }
    if (repeated.isEmpty() || repeated.length() + digits.length() > MAX_DIGITS) {
      return null;
    }
    i = close;
    int before = places == Expr.Num.EXACT ? 0 : places;
    BigInteger head = digits.length() == 0 ? BigInteger.ZERO : new BigInteger(digits.toString());
    BigInteger nines = BigInteger.TEN.pow(repeated.length()).subtract(BigInteger.ONE);
    Rational value =
        Rational.of(
            head.multiply(nines).add(new BigInteger(repeated)),
            nines.multiply(BigInteger.TEN.pow(before)));
    return new Token(Kind.NUMBER, digits + "(" + repeated + ")", spaced, Expr.number(value));
  }

  /** {@code e-3} behind a number. */
  private int exponent() {
    if (i + 1 >= s.length() || (s.charAt(i) != 'e' && s.charAt(i) != 'E')) {
      return 0;
    }
    int at = i + 1;
    boolean negative = s.charAt(at) == '-';
    if (negative || s.charAt(at) == '+') {
      at++;
    }
    int length = fractionLength(at);
    if (length == 0 || (at + length < s.length() && Lexer.isAsciiLetter(s.charAt(at + length)))) {
      return 0;
    }
    if (length > 5) {
      throw new TooLarge("an exponent of " + length + " digits");
    }
    int value = Integer.parseInt(s.substring(at, at + length));
    i = at + length;
    return negative ? -value : value;
  }
}
