package dev.goodhart.neural.text.jinja;

import java.util.List;
import java.util.Map;

/** Values as text, as Python's {@code str} and {@code repr} write them, and as JSON. */
final class Printer {
  private final StringBuilder text = new StringBuilder();
  private final Budget budget;

  private Printer(Budget budget) {
    this.budget = budget;
  }

  static String print(Object value, Budget budget) {
    if (value instanceof String text) return text;
    Printer printer = new Printer(budget);
    printer.repr(value);
    return printer.text.toString();
  }

  static String brief(Object value) {
    return value instanceof Number || value instanceof String ? value.toString() : "of a kind";
  }

  private void put(String more) {
    budget.spend(more.length() + 8L);
    text.append(more);
  }

  private void repr(Object value) {
    switch (value) {
      case String s -> quote(s);
      case Boolean b -> put(b ? "True" : "False");
      case None none -> put("None");
      case Undefined undefined -> put("");
      case Double x -> put(number(x));
      case Tuple tuple -> list(tuple, "(", tuple.size() == 1 ? ",)" : ")");
      case List<?> list -> list(list, "[", "]");
      case Map<?, ?> map -> {
        put("{");
        String between = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          put(between);
          repr(Values.of(entry.getKey()));
          put(": ");
          repr(Values.of(entry.getValue()));
          between = ", ";
        }
        put("}");
      }
      case Long n -> put(n.toString());
      default -> put("<" + Values.type(value) + ">");
    }
  }

  private void list(List<?> list, String open, String close) {
    put(open);
    String between = "";
    for (Object element : list) {
      put(between);
      repr(Values.of(element));
      between = ", ";
    }
    put(close);
  }

  private void quote(String s) {
    char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder quoted = new StringBuilder(s.length() + 2).append(quote);
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == quote || c == '\\') quoted.append('\\').append(c);
      else if (c == '\n') quoted.append("\\n");
      else if (c == '\r') quoted.append("\\r");
      else if (c == '\t') quoted.append("\\t");
      else if (c < ' ' || c == 127) quoted.append("\\x%02x".formatted((int) c));
      else quoted.append(c);
    }
    put(quoted.append(quote).toString());
  }

  /** The shortest digits that read back as the number, as Python writes them. */
  static String number(double x) {
    if (Double.isNaN(x)) return "nan";
    if (Double.isInfinite(x)) return x > 0 ? "inf" : "-inf";
    double size = Math.abs(x);
    if (x == 0 || size >= 1e-4 && size < 1e16) {
      String plain = new java.math.BigDecimal(Double.toString(x)).toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String java = Double.toString(x).replace(".0E", "E");
    int e = java.indexOf('E');
    int exponent = Integer.parseInt(java.substring(e + 1));
    return java.substring(0, e)
        + "e"
        + (exponent < 0 ? "-" : "+")
        + "%02d".formatted(Math.abs(exponent));
  }

  /**
   * JSON as Python's {@code json.dumps} writes it in transformers: characters beyond ASCII as they
   * are.
   *
   * @param indent spaces by level; −1 for one line
   */
  static String json(
      Object value, int indent, String comma, String colon, boolean sorted, Budget budget) {
    Printer printer = new Printer(budget);
    printer.json(value, indent, comma, colon, sorted, 0);
    return printer.text.toString();
  }

  private void json(
      Object value, int indent, String comma, String colon, boolean sorted, int level) {
    switch (value) {
      case Undefined undefined ->
          throw new JinjaException(
              "'" + undefined.name() + "' is undefined, tojson cannot write it");
      case String s -> jsonText(s);
      case Boolean b -> put(b ? "true" : "false");
      case None none -> put("null");
      case Double x ->
          put(
              Double.isNaN(x)
                  ? "NaN"
                  : Double.isInfinite(x) ? (x > 0 ? "Infinity" : "-Infinity") : number(x));
      case Long n -> put(n.toString());
      case List<?> list -> {
        put("[");
        int i = 0;
        for (Object element : list) {
          separate(i++, indent, comma, level + 1);
          json(Values.of(element), indent, comma, colon, sorted, level + 1);
        }
        if (i > 0) newLine(indent, level);
        put("]");
      }
      case Map<?, ?> map -> {
        put("{");
        int i = 0;
        budget.spend(8L * map.size());
        Iterable<? extends Map.Entry<?, ?>> entries =
            sorted
                ? map.entrySet().stream()
                    .sorted((a, b) -> name(a.getKey()).compareTo(name(b.getKey())))
                    .toList()
                : map.entrySet();
        for (Map.Entry<?, ?> entry : entries) {
          separate(i++, indent, comma, level + 1);
          jsonText(name(entry.getKey()));
          put(colon);
          json(Values.of(entry.getValue()), indent, comma, colon, sorted, level + 1);
        }
        if (i > 0) newLine(indent, level);
        put("}");
      }
      default -> throw new JinjaException("tojson cannot write " + Values.type(value));
    }
  }

  private static String name(@org.jspecify.annotations.Nullable Object key) {
    return key == null || key == None.NONE ? "null" : key.toString();
  }

  private void separate(int index, int indent, String comma, int level) {
    if (index > 0) put(comma);
    newLine(indent, level);
  }

  private void newLine(int indent, int level) {
    if (indent < 0) return;
    budget.spend((long) indent * level);
    put("\n" + " ".repeat(indent * level));
  }

  private void jsonText(String s) {
    StringBuilder quoted = new StringBuilder(s.length() + 2).append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      int simple = "\"\\\n\r\t\b\f".indexOf(c);
      if (simple >= 0) quoted.append('\\').append("\"\\nrtbf".charAt(simple));
      else if (c < ' ') quoted.append("\\u%04x".formatted((int) c));
      else quoted.append(c);
    }
    put(quoted.append('"').toString());
  }
}
