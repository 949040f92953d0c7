package dev.goodhart.neural.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Arithmetic and concatenation. */
final class Operators {
  static Object apply(String operator, Object a, Object b, Budget budget) {
    if (operator.equals("~"))
      return join(Printer.print(a, budget), Printer.print(b, budget), budget);
    if (operator.equals("+")) {
      if (a instanceof String s && b instanceof String t) return join(s, t, budget);
      if (a instanceof List<?> s && b instanceof List<?> t) return join(s, t, budget);
    }
    if (operator.equals("*")) {
      if (b instanceof Long n && (a instanceof String || a instanceof List)) {
        return repeat(a, n, budget);
      }
      if (a instanceof Long n && (b instanceof String || b instanceof List)) {
        return repeat(b, n, budget);
      }
    }
    Object x = a instanceof Boolean truth ? (truth ? 1L : 0L) : a;
    Object y = b instanceof Boolean truth ? (truth ? 1L : 0L) : b;
    try {
      if (x instanceof Long m && y instanceof Long n) return integers(operator, m, n);
    } catch (ArithmeticException e) {
      throw new JinjaException("a number is divided by zero or too large");
    }
    Double p = Values.number(x);
    Double q = Values.number(y);
    if (p == null || q == null) {
      throw new JinjaException(
          Values.type(a) + " and " + Values.type(b) + " have no '" + operator + "'");
    }
    if (q == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw new JinjaException("a number is divided by zero or too large");
    }
    return numbers(operator, p, q);
  }

  private static Object integers(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "/" -> {
        if (b == 0) throw new ArithmeticException();
        yield (double) a / b;
      }
      case "//" -> Math.floorDiv(a, b);
      case "%" -> Math.floorMod(a, b);
      case "**" -> b < 0 ? (Object) Math.pow(a, b) : (Object) power(a, b);
      default -> throw new IllegalStateException(operator);
    };
  }

  private static long power(long base, long exponent) {
    if (base == 0 || base == 1) return exponent == 0 ? 1 : base;
    if (base == -1) return exponent % 2 == 0 ? 1 : -1;
    long result = 1;
    // Overflows, and so ends, after at most 63 steps.
    for (long i = 0; i < exponent; i++) result = Math.multiplyExact(result, base);
    return result;
  }

  private static double numbers(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      case "%" -> a - b * Math.floor(a / b);
      case "**" -> Math.pow(a, b);
      default -> throw new IllegalStateException(operator);
    };
  }

  private static String join(String a, String b, Budget budget) {
    budget.spend((long) a.length() + b.length());
    return a.concat(b);
  }

  private static List<Object> join(List<?> a, List<?> b, Budget budget) {
    budget.spend(8L * (a.size() + (long) b.size()));
    List<Object> both = new ArrayList<>(a.size() + b.size());
    a.forEach(element -> both.add(Values.of(element)));
    b.forEach(element -> both.add(Values.of(element)));
    return both;
  }

  private static Object repeat(Object value, long times, Budget budget) {
    long length = value instanceof String text ? text.length() : 8L * ((List<?>) value).size();
    if (times > 0 && length > 0) {
      if (times > Integer.MAX_VALUE) budget.spend(Long.MAX_VALUE / 2);
      budget.spend(length * times);
    }
    if (value instanceof String text)
      return text.repeat(times <= 0 || length == 0 ? 0 : (int) times);
    List<Object> all = new ArrayList<>();
    for (long i = 0; i < times && length > 0; i++) all.addAll((List<?>) value);
    return all;
  }

  private Operators() {}
}
