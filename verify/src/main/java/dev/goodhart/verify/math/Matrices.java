package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Matrix;
import dev.goodhart.verify.math.Expr.Power;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Sum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic of matrices with expressions as entries, as far as answers need it: k·A, A + B, A·B,
 * Aᵀ, small powers, determinants.
 */
final class Matrices {
  private static final int MAX_SIZE = 30;
  private static final int MAX_DETERMINANT = 5;
  private static final int MAX_POWER = 6;

  /** The same expression with everything done that makes one matrix, or a number, of matrices. */
  static Expr evaluated(Expr e) {
    return Trees.any(e, x -> x instanceof Matrix) ? Trees.map(e, Matrices::step) : e;
  }

  private static Expr step(Expr e) {
    return switch (e) {
      case Product p when p.factors().stream().anyMatch(f -> f instanceof Matrix) ->
          product(p.factors());
      case Sum s when s.terms().stream().allMatch(f -> f instanceof Matrix) -> sum(s.terms());
      case Power p when p.base() instanceof Matrix m -> power(p, m);
      case Call c when c.arguments().size() == 1 && c.arguments().getFirst() instanceof Matrix m ->
          switch (c.function()) {
            case "transpose" -> transposed(m);
            case "det" -> determinant(m);
            case "trace" -> trace(m);
            default -> c;
          };
      case Bracket b when b.items().size() == 1 && b.items().getFirst() instanceof Matrix m -> m;
      default -> e;
    };
  }

  private static Expr power(Power p, Matrix m) {
    Rational n = Exact.bounded(p.exponent());
    if (n == null || !n.isSmall()) {
      return p;
    }
    if (n.equals(Rational.MINUS_ONE)) {
      return inverse(m);
    }
    boolean expanded = n.signum() > 0 && n.intValue() <= MAX_POWER;
    return expanded ? product(Collections.nCopies(n.intValue(), m)) : p;
  }

  /**
   * Rows of equal length as a matrix, from {@code [[1,2],[3,4]]}; null when it is something else.
   */
  static @Nullable Matrix of(Expr e) {
    if (e instanceof Matrix m) {
      return m;
    }
    if (!(e instanceof Bracket b) || b.items().isEmpty()) {
      return null;
    }
    List<List<Expr>> rows = new ArrayList<>();
    for (Expr item : b.items()) {
      if (!(item instanceof Bracket row)
          || row.items().size() != (rows.isEmpty() ? row.items().size() : rows.getFirst().size())) {
        return null;
      }
      rows.add(row.items());
    }
    return new Matrix(rows);
  }

  private static Expr product(List<? extends Expr> factors) {
    List<Expr> scalars = new ArrayList<>();
    Matrix result = null;
    for (Expr factor : factors) {
      if (factor instanceof Matrix m) {
        result = result == null ? m : times(result, m);
      } else {
        scalars.add(factor);
      }
    }
    if (result == null || scalars.isEmpty()) {
      return result == null ? Expr.product(List.copyOf(factors)) : result;
    }
    Expr scalar = Expr.product(scalars);
    return mapped(result, x -> Expr.times(scalar, x));
  }

  private static Matrix mapped(Matrix m, java.util.function.UnaryOperator<Expr> f) {
    return new Matrix(m.rows().stream().map(row -> row.stream().map(f).toList()).toList());
  }

  private static Matrix times(Matrix a, Matrix b) {
    int inner = b.rows().size();
    int columns = b.rows().getFirst().size();
    if (a.rows().size() > MAX_SIZE || columns > MAX_SIZE || inner > MAX_SIZE) {
      throw new TooLarge("a matrix beyond bounds");
    }
    List<List<Expr>> rows = new ArrayList<>();
    for (List<Expr> left : a.rows()) {
      List<Expr> row = new ArrayList<>();
      for (int j = 0; j < columns; j++) {
        List<Expr> terms = new ArrayList<>();
        for (int k = 0; k < inner; k++) {
          if (left.size() != inner || b.rows().get(k).size() != columns) {
            throw new Unreadable("matrices that do not fit");
          }
          terms.add(Expr.times(left.get(k), b.rows().get(k).get(j)));
        }
        row.add(Expr.sum(terms));
      }
      rows.add(List.copyOf(row));
    }
    return new Matrix(rows);
  }

  private static Expr sum(List<Expr> terms) {
    Matrix first = (Matrix) terms.getFirst();
    List<List<Expr>> rows = new ArrayList<>();
    for (int i = 0; i < first.rows().size(); i++) {
      List<Expr> row = new ArrayList<>();
      for (int j = 0; j < first.rows().get(i).size(); j++) {
        List<Expr> entries = new ArrayList<>();
        for (Expr term : terms) {
          List<List<Expr>> other = ((Matrix) term).rows();
          if (other.size() != first.rows().size()
              || other.get(i).size() != first.rows().get(i).size()) {
            throw new Unreadable("matrices that do not fit");
          }
          entries.add(other.get(i).get(j));
        }
        row.add(Expr.sum(entries));
      }
      rows.add(List.copyOf(row));
    }
    return new Matrix(rows);
  }

  private static Matrix transposed(Matrix m) {
    List<List<Expr>> rows = new ArrayList<>();
    for (int j = 0; j < m.rows().getFirst().size(); j++) {
      List<Expr> row = new ArrayList<>();
      for (List<Expr> old : m.rows()) {
        if (old.size() != m.rows().getFirst().size()) {
          throw new Unreadable("rows of different lengths");
        }
        row.add(old.get(j));
      }
      rows.add(List.copyOf(row));
    }
    return new Matrix(rows);
  }

  private static Expr trace(Matrix m) {
    List<Expr> diagonal = new ArrayList<>();
    for (int i = 0; i < m.rows().size(); i++) {
      if (m.rows().get(i).size() != m.rows().size()) {
        throw new Unreadable("not a square matrix");
      }
      diagonal.add(m.rows().get(i).get(i));
    }
    return Expr.sum(diagonal);
  }

  private static Expr determinant(Matrix m) {
    int n = m.rows().size();
    if (n > MAX_DETERMINANT) {
      throw new TooLarge("a determinant beyond bounds");
    }
    for (List<Expr> row : m.rows()) {
      if (row.size() != n) {
        throw new Unreadable("not a square matrix");
      }
    }
    if (n == 1) {
      return m.rows().getFirst().getFirst();
    }
    List<Expr> terms = new ArrayList<>();
    for (int j = 0; j < n; j++) {
      Expr term = Expr.times(m.rows().getFirst().get(j), determinant(minor(m, 0, j)));
      terms.add(j % 2 == 0 ? term : Expr.negate(term));
    }
    return Expr.sum(terms);
  }

  private static Matrix minor(Matrix m, int without, int column) {
    List<List<Expr>> rows = new ArrayList<>();
    for (int i = 0; i < m.rows().size(); i++) {
      if (i != without) {
        List<Expr> row = new ArrayList<>(m.rows().get(i));
        row.remove(column);
        rows.add(List.copyOf(row));
      }
    }
    return new Matrix(rows);
  }

  private static Expr inverse(Matrix m) {
    int n = m.rows().size();
    if (n > 3 || n < 2) {
      throw new Unreadable("an inverse beyond bounds");
    }
    Expr det = determinant(m);
    List<List<Expr>> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      List<Expr> row = new ArrayList<>();
      for (int j = 0; j < n; j++) {
        Expr cofactor = determinant(minor(m, j, i));
        row.add(Expr.over((i + j) % 2 == 0 ? cofactor : Expr.negate(cofactor), det));
      }
      rows.add(List.copyOf(row));
    }
    return new Matrix(rows);
  }

  private Matrices() {}
}
