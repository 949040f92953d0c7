package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Sym;
import dev.goodhart.verify.math.Token.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the units and words behind a value. */
final class UnitReader {
  private final Tokens t;

  UnitReader(Tokens tokens) {
    this.t = tokens;
  }

  /** What stands behind a value, as its unit; null when it is a remark that ends the item. */
  @Nullable Expr behind(Expr value) {
    if (value instanceof Sym || value instanceof Expr.Relation) {
      return value instanceof Sym && Unit.isKnown(t.peek().text())
          ? new Quantity(value, Unit.of(words()))
          : null;
    }
    if (Parser.isRemark(t.peek())) {
      return null;
    }
    String words = words();
    if (value instanceof Quantity q) {
      Rational scale = Unit.magnitude(words); // $5 million
      return scale == null ? q : new Quantity(Expr.times(q.value(), Expr.number(scale)), q.unit());
    }
    Rational magnitude =
        Unit.magnitude(words.contains(" ") ? words.substring(0, words.indexOf(' ')) : words);
    if (magnitude != null) {
      Expr scaled =
          value instanceof Num n ? scaled(n, magnitude) : Expr.times(value, Expr.number(magnitude));
      return words.contains(" ")
          ? new Quantity(scaled, Unit.of(words.substring(words.indexOf(' ') + 1)))
          : scaled;
    }
    if (isOrdinalWord(words)) {
      return value;
    }
    if (!Unit.isPlausible(words)) {
      throw new Unreadable("words behind a value: " + words);
    }
    return new Quantity(value, Unit.of(words));
  }

  /** {@code \frac{km}{h}}. */
  boolean isFraction() {
    return t.peek().isCommand("frac")
        && t.peek(1).is("{")
        && isUnitWord(t.peek(2))
        && Unit.isKnown(t.peek(2).text())
        && t.peek(3).is("}")
        && t.peek(4).is("{")
        && isUnitWord(t.peek(5))
        && t.peek(6).is("}");
  }

  Unit fraction() {
    String above = t.peek(2).text();
    String below = t.peek(5).text();
    for (int k = 0; k < 7; k++) {
      t.next();
    }
    return Unit.of(above + " / " + below);
  }

  /** Words in brackets behind a value: {@code 3.14 (approx)}. */
  boolean isRemark() {
    if (t.peek().is("(")
        && t.peek(1).kind() == Kind.NAME
        && (t.peek(2).is("∈") || t.peek(2).is("≠") || t.peek(2).is("≥"))
        && t.closing(0) > 0) {
      return t.peek(t.closing(0) + 1).kind() == Kind.END; // 2n (n ∈ ℕ)
    }
    int close = t.peek().is("(") && t.peek(1).kind() == Kind.TEXT ? t.closing(0) : -1;
    for (int k = 1; k < close; k++) {
      if (t.peek(k).kind() != Kind.TEXT || !Unit.isPlausible(t.peek(k).text())) {
        return false;
      }
    }
    return close > 0;
  }

  void skipRemark() {
    for (int k = t.closing(0); k >= 0; k--) {
      t.next();
    }
  }

  private static boolean isOrdinalWord(String words) {
    return words.equals("st") || words.equals("nd") || words.equals("rd") || words.equals("th");
  }

  private static Expr scaled(Num n, Rational magnitude) {
    int zeros = magnitude.num().toString().length() - 1;
    return new Num(n.value().times(magnitude), n.isExact() ? Num.EXACT : n.places() - zeros);
  }

  /** Words of a unit up to the next thing that cannot be one. */
  String words() {
    StringBuilder words = new StringBuilder();
    while (true) {
      Token token = t.peek();
      if (token.kind() == Kind.TEXT || token.kind() == Kind.NAME) {
        if (!words.isEmpty() && (token.spaced() || token.kind() == Kind.TEXT)) {
          words.append(' ');
        }
        words.append(t.next().text());
      } else if (token.is("^") && !words.isEmpty()) {
        t.next();
        boolean group = t.accept("{");
        words.append('^').append(t.accept("-") ? "-" : "").append(t.next().text());
        if (group) {
          t.expect("}");
        }
      } else if ((token.is("/") || token.is("*") || token.is("-")) && isUnitWord(t.peek(1))) {
        words.append(' ').append(t.next().text()).append(' ');
      } else if (token.is("°")) {
        words.append(t.next().text());
      } else if (token.isCommand("percent")) {
        t.next();
      } else {
        return words.toString();
      }
    }
  }

  private static boolean isUnitWord(Token token) {
    return token.kind() == Kind.TEXT || (token.kind() == Kind.NAME && Unit.isKnown(token.text()));
  }

  /** 30°, 20 °C, 68 °F. */
  Expr degrees(Expr value) {
    Token scale = t.peek();
    if ((scale.kind() == Kind.NAME || scale.kind() == Kind.TEXT)
        && (scale.text().equals("C") || scale.text().equals("F"))) {
      t.next();
      return new Quantity(value, Unit.of("°" + scale.text()));
    }
    return new Quantity(value, Unit.DEGREE);
  }

  /** {@code 5 m}: a number, a space, a letter that is a unit, and nothing more to multiply. */
  boolean isLetter(List<Expr> factors, Token token) {
    if (factors.size() != 1
        || !(factors.getFirst() instanceof Num)
        || token.kind() != Kind.NAME
        || !token.spaced()
        || !Unit.isLetterUnit(token.text())) {
      return false;
    }
    Token after = t.peek(1);
    return after.kind() == Kind.END
        || after.is(",")
        || (after.is("/") && t.peek(2).kind() != Kind.NUMBER && !t.peek(2).is("("));
  }
}
