package dev.goodhart.verify.math;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an answer to a mathematical question is the true one, however either is written: numbers,
 * expressions, equations, inequalities, intervals, sets, tuples, matrices, quantities, words.
 *
 * <pre>{@code MathEquality.of("\\frac{1}{2}", "0.5")}</pre>
 *
 * <p>The two sides are not symmetric: the reference may say more than is asked of the answer
 * ({@code x = 5} is answered by {@code 5}), an answer may not merely restate a relation ({@code x +
 * y = 5} does not answer {@code 5}). Safe to use from several threads; every call is bounded in
 * work, whatever it is given.
 */
public final class MathEquality {
  private static final MathEquality DEFAULT = new MathEquality(MathOptions.DEFAULT);

  private static final Verdict EQUAL = new Verdict.Equal();
  private static final Verdict DIFFERENT = new Verdict.Different();

  private final MathOptions options;
  private final Algebra algebra;

  public MathEquality(MathOptions options) {
    this(options, options.timeLimit() > 0 ? Symja.SHARED : Algebra.NONE);
  }

  MathEquality(MathOptions options, Algebra algebra) {
    this.options = options;
    this.algebra = algebra;
  }

  /** Compares with the default options. */
  public static Verdict of(String reference, String answer) {
    return DEFAULT.compare(reference, answer);
  }

  public Verdict compare(String reference, String answer) {
    long r = PlainNumber.of(reference, 0, reference.length());
    if (r != PlainNumber.NONE) {
      long a = PlainNumber.of(answer, 0, answer.length());
      if (a == r) {
        return EQUAL;
      }
      if (a != PlainNumber.NONE
          && PlainNumber.apart(r, a)
          && options.tolerance() <= MathOptions.DEFAULT_TOLERANCE
          && options.significantDigits() == 0) {
        return DIFFERENT;
      }
    }
    return compare(Reading.of(reference), answer);
  }

  Verdict compare(Reading reference, String answer) {
    if (same(reference.text(), answer)) {
      return EQUAL;
    }
    Outcome special = special(reference, answer);
    if (special != Outcome.UNKNOWN) {
      return special == Outcome.EQUAL ? EQUAL : DIFFERENT;
    }
    if (reference.meanings().isEmpty()) {
      return new Verdict.Undecided(
          "reference cannot be read: "
              + shortened(reference.text())
              + " ("
              + reference.problem()
              + ")");
    }
    Reading read = Reading.of(answer);
    if (reference.isWords() && !read.text().isEmpty()) {
      if (Texts.same(reference.text(), read.text())) {
        return EQUAL;
      }
      if (read.isWords()) {
        return DIFFERENT;
      }
    }
    Outcome outcome = Outcome.DIFFERENT;
    for (Expr r : reference.meanings()) {
      for (Expr a : read.meanings()) {
        outcome = outcome.or(compare(r, a));
        if (outcome == Outcome.EQUAL) {
          return EQUAL;
        }
      }
    }
    return outcome == Outcome.DIFFERENT
        ? DIFFERENT
        : new Verdict.Undecided(
            "undecided within the limits: "
                + shortened(reference.text())
                + " against "
                + shortened(read.text()));
  }

  private Outcome compare(Expr reference, Expr answer) {
    try {
      return new Comparison(options, algebra).compare(reference, answer);
    } catch (TooLarge | Unreadable | ArithmeticException beyond) {
      return isOrdinary(reference) ? Outcome.DIFFERENT : Outcome.UNKNOWN;
    }
  }

  /**
   * Whether a reference is within the bounds by itself: then it was the answer that went beyond
   * them.
   */
  private static boolean isOrdinary(Expr reference) {
    try {
      Shapes.normal(reference);
      return true;
    } catch (TooLarge | Unreadable | ArithmeticException beyond) {
      return false;
    }
  }

  /** Letters of multiple choice, and times of day; UNKNOWN for everything else. */
  private Outcome special(Reading reference, String answer) {
    String text = Reading.bare(answer);
    Choice r = Choice.of(reference.text());
    Choice a = Choice.of(text);
    if (r != null
        && a != null
        && (r.rest().isEmpty() || a.rest().isEmpty() || r.letter() != a.letter())) {
      return Outcome.of(r.letter() == a.letter());
    }
    if (r != null && text.length() == 1 && r.rest().isEmpty() && r.letter() <= 'E') {
      return Outcome.of(Character.toUpperCase(text.charAt(0)) == r.letter()); // a for A
    }
    if (r != null && !r.rest().isEmpty() && a == null) {
      return outcome(compare(Reading.of(r.rest()), text));
    }
    if (r != null && a != null && !r.rest().isEmpty()) {
      return Outcome.EQUAL;
    }
    if (a != null && !a.rest().isEmpty() && r == null) {
      return outcome(compare(reference, a.rest()));
    }
    String several = Choice.several(reference.text());
    String others = several.isEmpty() ? "" : Choice.several(text);
    if (!others.isEmpty() && (several.equals(others) || several.charAt(0) >= '①')) {
      return Outcome.of(several.equals(others));
    }
    int time = Texts.time(reference.text());
    int other = time < 0 ? -1 : Texts.time(text);
    return time >= 0 && other >= 0 && (time >= Texts.MARKED || other >= Texts.MARKED)
        ? Outcome.of(Texts.sameTime(time, other))
        : Outcome.UNKNOWN;
  }

  private static Outcome outcome(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Equal e -> Outcome.EQUAL;
      case Verdict.Different d -> Outcome.DIFFERENT;
      case Verdict.Undecided u -> Outcome.DIFFERENT;
    };
  }

  /** The same characters but for white space and what is only there for the looks. */
  private static boolean same(String reference, String answer) {
    String other = Reading.bare(answer);
    return !reference.isEmpty()
        && (reference.equals(other) || compact(upright(reference)).equals(compact(upright(other))));
  }

  /** Without a {@code \\text{}} around all of it. */
  private static String upright(String s) {
    for (String command : List.of("\\text{", "\\textbf{", "\\mathrm{", "\\mbox{")) {
      if (s.startsWith(command) && Braces.closing(s, command.length() - 1) == s.length() - 1) {
        return s.substring(command.length(), s.length() - 1).strip();
      }
    }
    return s;
  }

  private static String compact(String s) {
    if (s.length() > Lexer.MAX_LENGTH) {
      return s;
    }
    StringBuilder out = new StringBuilder(s.length());
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      @Nullable String skip = null;
      if (c == '\\') {
        for (String looks : new String[] {"\\left", "\\right", "\\!", "\\,", "\\;", "\\ "}) {
          boolean whole =
              s.startsWith(looks, i)
                  && (looks.length() < 4
                      || i + looks.length() >= s.length()
                      || !Lexer.isAsciiLetter(s.charAt(i + looks.length())));
          skip = whole ? looks : skip;
        }
        if (s.startsWith("\\dfrac", i) || s.startsWith("\\tfrac", i)) {
          out.append("\\frac");
          i += 5;
          continue;
        }
      }
      if (skip != null) {
        i += skip.length() - 1;
      } else if (!Character.isWhitespace(c) && c != '$') {
        out.append(c);
      } else if (Character.isWhitespace(c)
          && !out.isEmpty()
          && i + 1 < s.length()
          && Character.isLetterOrDigit(out.charAt(out.length() - 1))
          && Character.isLetterOrDigit(s.charAt(i + 1))) {
        out.append(' '); // "1 2" is not "12"
      }
    }
    return out.toString();
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
