package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Const;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A union of intervals and points on the real line, in ascending order without overlaps.
 *
 * @param variable whose values these are, or null when that was not said
 */
record RealSet(@Nullable String variable, List<Piece> pieces) {
  private static final int MAX_PIECES = 200;

  /**
   * From low to high, each end with its place in doubles for ordering and its expression for
   * comparing.
   */
  record Piece(
      Expr low, double from, boolean lowClosed, Expr high, double to, boolean highClosed) {}

  private static final Expr MINUS_INFINITY = Expr.negate(Const.INFINITY);

  static Piece ray(boolean below, Expr end, double at, boolean closed) {
    return below
        ? new Piece(MINUS_INFINITY, Double.NEGATIVE_INFINITY, false, end, at, closed)
        : new Piece(end, at, closed, Const.INFINITY, Double.POSITIVE_INFINITY, false);
  }

  static RealSet all() {
    return new RealSet(null, List.of(ray(true, Const.INFINITY, Double.POSITIVE_INFINITY, false)));
  }

  static @Nullable RealSet union(@Nullable RealSet a, @Nullable RealSet b) {
    if (a == null || b == null || isMixed(a, b)) {
      return null;
    }
    List<Piece> pieces = new ArrayList<>(a.pieces);
    pieces.addAll(b.pieces);
    return merged(a.variable == null ? b.variable : a.variable, pieces);
  }

  private static boolean isMixed(RealSet a, RealSet b) {
    return a.variable != null && b.variable != null && !a.variable.equals(b.variable);
  }

  static @Nullable RealSet intersection(@Nullable RealSet a, @Nullable RealSet b) {
    if (a == null || b == null || isMixed(a, b)) {
      return null;
    }
    RealSet outside = union(a.complement(), b.complement());
    return outside == null ? null : outside.complement();
  }

  static @Nullable RealSet difference(@Nullable RealSet a, @Nullable RealSet b) {
    return b == null ? null : intersection(a, b.complement());
  }

  private RealSet complement() {
    List<Piece> gaps = new ArrayList<>();
    Expr low = MINUS_INFINITY;
    double from = Double.NEGATIVE_INFINITY;
    boolean closed = false;
    for (Piece p : pieces) {
      if (p.from() > from || (same(p.from(), from) && closed && !p.lowClosed())) {
        gaps.add(
            new Piece(
                low, from, closed, p.low(), p.from(), !p.lowClosed() && Double.isFinite(p.from())));
      }
      low = p.high();
      from = p.to();
      closed = !p.highClosed() && Double.isFinite(p.to());
    }
    if (from < Double.POSITIVE_INFINITY) {
      gaps.add(new Piece(low, from, closed, Const.INFINITY, Double.POSITIVE_INFINITY, false));
    }
    return merged(variable, gaps);
  }

  private static boolean same(double a, double b) {
    return a == b
        || Double.isFinite(a)
            && Double.isFinite(b)
            && Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
  }

  static RealSet merged(@Nullable String variable, List<Piece> unsorted) {
    if (unsorted.size() > MAX_PIECES) {
      throw new TooLarge("a set of too many pieces");
    }
    List<Piece> sorted = new ArrayList<>(unsorted);
    sorted.removeIf(
        p -> p.from() > p.to() || (same(p.from(), p.to()) && !(p.lowClosed() && p.highClosed())));
    sorted.sort(Comparator.comparingDouble(Piece::from).thenComparing(p -> !p.lowClosed()));
    List<Piece> result = new ArrayList<>();
    for (Piece p : sorted) {
      Piece last = result.isEmpty() ? null : result.getLast();
      boolean touches =
          last != null
              && (p.from() < last.to() && !same(p.from(), last.to())
                  || (same(p.from(), last.to()) && (p.lowClosed() || last.highClosed())));
      if (last == null || !touches) {
        result.add(p);
      } else if (p.to() > last.to() || (same(p.to(), last.to()) && p.highClosed())) {
        result.set(
            result.size() - 1,
            new Piece(last.low(), last.from(), last.lowClosed(), p.high(), p.to(), p.highClosed()));
      }
    }
    return new RealSet(variable, List.copyOf(result));
  }

  Outcome compare(RealSet answer, Values values) {
    if (pieces.size() != answer.pieces.size()) {
      return Outcome.DIFFERENT;
    }
    Outcome outcome = Outcome.EQUAL;
    for (int k = 0; k < pieces.size() && outcome != Outcome.DIFFERENT; k++) {
      Piece a = pieces.get(k);
      Piece b = answer.pieces.get(k);
      if (a.lowClosed() != b.lowClosed() || a.highClosed() != b.highClosed()) {
        return Outcome.DIFFERENT;
      }
      outcome =
          outcome
              .and(end(a.low(), a.from(), b.low(), b.from(), values))
              .and(end(a.high(), a.to(), b.high(), b.to(), values));
    }
    return outcome;
  }

  private static Outcome end(Expr a, double x, Expr b, double y, Values values) {
    return Double.isInfinite(x) || Double.isInfinite(y) ? Outcome.of(x == y) : values.compare(a, b);
  }
}
