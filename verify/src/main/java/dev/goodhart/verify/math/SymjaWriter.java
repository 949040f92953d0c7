package dev.goodhart.verify.math;

import dev.goodhart.verify.math.Expr.Bracket;
import dev.goodhart.verify.math.Expr.Call;
import dev.goodhart.verify.math.Expr.Const;
import dev.goodhart.verify.math.Expr.Num;
import dev.goodhart.verify.math.Expr.Power;
import dev.goodhart.verify.math.Expr.Product;
import dev.goodhart.verify.math.Expr.Quantity;
import dev.goodhart.verify.math.Expr.Sum;
import dev.goodhart.verify.math.Expr.Sym;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an expression in Symja's language. Refuses what could not be evaluated in bounded memory.
 */
final class SymjaWriter {
  private static final int MAX_EXPONENT = 200;

  private static final Map<String, String> FUNCTIONS =
      Map.ofEntries(
          Map.entry("sin", "Sin"),
          Map.entry("cos", "Cos"),
          Map.entry("tan", "Tan"),
          Map.entry("cot", "Cot"),
          Map.entry("sec", "Sec"),
          Map.entry("csc", "Csc"),
          Map.entry("sinh", "Sinh"),
          Map.entry("cosh", "Cosh"),
          Map.entry("tanh", "Tanh"),
          Map.entry("arcsin", "ArcSin"),
          Map.entry("arccos", "ArcCos"),
          Map.entry("arctan", "ArcTan"),
          Map.entry("arcsinh", "ArcSinh"),
          Map.entry("arccosh", "ArcCosh"),
          Map.entry("arctanh", "ArcTanh"),
          Map.entry("ln", "Log"),
          Map.entry("abs", "Abs"),
          Map.entry("floor", "Floor"),
          Map.entry("ceil", "Ceiling"),
          Map.entry("factorial", "Factorial"),
          Map.entry("binom", "Binomial"),
          Map.entry("gcd", "GCD"),
          Map.entry("lcm", "LCM"),
          Map.entry("max", "Max"),
          Map.entry("min", "Min"),
          Map.entry("mod", "Mod"),
          Map.entry("conj", "Conjugate"),
          Map.entry("Re", "Re"),
          Map.entry("Im", "Im"),
          Map.entry("sgn", "Sign"));

  private final boolean commonLog;
  private final Map<String, String> names = new LinkedHashMap<>();

  SymjaWriter(boolean commonLog) {
    this.commonLog = commonLog;
  }

  String write(Expr e) {
    return switch (e) {
      case Num n -> {
        if (n.value().num().bitLength() + n.value().den().bitLength() > 1_000) {
          throw new TooLarge("a number too large for Symja");
        }
        yield "(" + n.value() + ")";
      }
      case Sym s -> names.computeIfAbsent(s.name(), k -> "v" + names.size());
      case Const c ->
          switch (c) {
            case PI -> "Pi";
            case E -> "E";
            case I -> "I";
            case INFINITY -> "Infinity";
            default -> throw new Unreadable(c + " is not a number");
          };
      case Sum s -> "(" + joined(s.terms(), "+") + ")";
      case Product p -> "(" + joined(p.factors(), "*") + ")";
      case Power p -> {
        Rational exponent = Exact.rational(p.exponent());
        if (exponent != null && exponent.abs().compareTo(Rational.of(MAX_EXPONENT)) > 0) {
          throw new TooLarge("an exponent too large for Symja");
        }
        if (exponent == null
            && Trees.variables(p).isEmpty()
            && !(Regions.place(p.exponent()) < MAX_EXPONENT)) {
          throw new TooLarge("an exponent too large for Symja");
        }
        yield "(" + write(p.base()) + ")^(" + write(p.exponent()) + ")";
      }
      case Quantity q ->
          q.unit().isPercent()
              ? "(" + write(q.value()) + "/100)"
              : q.unit().isAngle() ? "(" + write(q.value()) + "*Pi/180)" : write(q.value());
      case Bracket b when b.items().size() == 1 -> write(b.items().getFirst());
      case Call c -> call(c);
      default -> throw new Unreadable("not a single value");
    };
  }

  private String joined(List<Expr> parts, String operator) {
    StringBuilder all = new StringBuilder();
    for (Expr part : parts) {
      all.append(all.isEmpty() ? "" : operator).append(write(part));
    }
    return all.toString();
  }

  private String call(Call c) {
    List<Expr> a = c.arguments();
    return switch (c.function()) {
      case "log" ->
          a.size() > 1
              ? "Log(" + write(a.get(1)) + "," + write(a.get(0)) + ")"
              : commonLog ? "Log(10," + write(a.get(0)) + ")" : "Log(" + write(a.get(0)) + ")";
      case "approx", "ellipsis" -> write(a.getFirst());
      case "sum" ->
          "Sum("
              + write(a.get(0))
              + ",{"
              + write(a.get(1))
              + ","
              + write(a.get(2))
              + ","
              + write(a.get(3))
              + "})";
      case "prod" ->
          "Product("
              + write(a.get(0))
              + ",{"
              + write(a.get(1))
              + ","
              + write(a.get(2))
              + ","
              + write(a.get(3))
              + "})";
      case "limit" ->
          "Limit(" + write(a.get(0)) + "," + write(a.get(1)) + "->" + write(a.get(2)) + ")";
      case "derivative" -> "D(" + write(a.get(0)) + "," + write(a.get(1)) + ")";
      case "integral" ->
          a.size() == 4
              ? "Integrate("
                  + write(a.get(0))
                  + ",{"
                  + write(a.get(1))
                  + ","
                  + write(a.get(2))
                  + ","
                  + write(a.get(3))
                  + "})"
              : "Integrate(" + write(a.get(0)) + "," + write(a.get(1)) + ")";
      default -> {
        String function = FUNCTIONS.get(c.function());
        if (function == null) {
          throw new Unreadable(c.function() + " is not known to Symja");
        }
        yield function + "(" + joined(a, ",") + ")";
      }
    };
  }
}
