package dev.goodhart.neural.text.jinja;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The functions that a template finds: Jinja2's own and those that transformers adds. */
final class Functions {
  static void into(Scope scope, Supplier<LocalDateTime> now) {
    scope.set("range", (Callable) Functions::range);
    scope.set("dict", (Callable) a -> new LinkedHashMap<Object, Object>(a.named()));
    scope.set("namespace", (Callable) Functions::namespace);
    scope.set(
        "raise_exception",
        (Callable)
            a -> {
              throw JinjaException.raised(Printer.print(a.get(0, "message"), a.scope().budget));
            });
    scope.set("strftime_now", (Callable) a -> strftime(a.text(0, "format"), now.get()));
  }

  private static Object range(Arguments a) {
    boolean one = a.size() == 1;
    long from = one ? 0 : whole(a.get(0, "start"));
    long to = whole(a.get(one ? 0 : 1, "stop"));
    long step = a.size() > 2 ? whole(a.get(2, "step")) : 1;
    if (step == 0) throw new JinjaException("range: steps of 0");
    List<Object> numbers = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i = Math.addExact(i, step)) {
      a.scope().budget.spend(Budget.STEP);
      numbers.add(i);
    }
    return numbers;
  }

  private static long whole(Object value) {
    if (value instanceof Long n && Math.abs(n) < 1L << 60) return n;
    throw new JinjaException("range goes by whole numbers");
  }

  private static Object namespace(Arguments a) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Object each : a.positional()) {
      if (each instanceof Map<?, ?> map) {
        map.forEach((key, value) -> values.put(String.valueOf(key), Values.of(value)));
      }
    }
    values.putAll(a.named());
    return new Namespace(values);
  }

  /** C's date formats as far as templates use them. */
  static String strftime(String format, LocalDateTime time) {
    if (format.length() > 200) throw new JinjaException("strftime_now: the format is too long");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        text.append(c);
        continue;
      }
      char code = format.charAt(++i);
      boolean unpadded = code == '-' && i + 1 < format.length();
      if (unpadded) code = format.charAt(++i);
      String part = part(code, time);
      text.append(unpadded ? part.replaceFirst("^0(?=\\d)", "") : part);
    }
    return text.toString();
  }

  private static String part(char code, LocalDateTime time) {
    String pattern =
        switch (code) {
          case 'Y' -> "yyyy";
          case 'y' -> "yy";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'e' -> "ppd";
          case 'b', 'h' -> "MMM";
          case 'B' -> "MMMM";
          case 'a' -> "EEE";
          case 'A' -> "EEEE";
          case 'H' -> "HH";
          case 'I' -> "hh";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'p' -> "a";
          case 'j' -> "DDD";
          case 'F' -> "yyyy-MM-dd";
          case 'T' -> "HH:mm:ss";
          case 'R' -> "HH:mm";
          case 'D' -> "MM/dd/yy";
          default -> "";
        };
    if (code == '%') return "%";
    if (pattern.isEmpty())
      throw new JinjaException("strftime_now: %" + code + " is not known here");
    try {
      return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    } catch (DateTimeException e) {
      throw new JinjaException("strftime_now: " + e.getMessage());
    }
  }

  private Functions() {}
}
