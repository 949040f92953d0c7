package dev.goodhart.verify.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a value.
 *
 * @param words as written
 * @param dimension what it measures ({@code m}, {@code m^2}, {@code m s^-1}, {@code percent},
 *     {@code angle}), or null when it is not a known unit ({@code apples}); such words never decide
 *     a comparison
 * @param factor how many of the dimension's base unit it is
 */
record Unit(String words, @Nullable String dimension, Rational factor) {
  static final Unit PERCENT = new Unit("%", "percent", Rational.HUNDREDTH);
  static final Unit DOLLAR = new Unit("$", "dollar", Rational.ONE);
  static final Unit DEGREE = new Unit("°", "angle", Rational.ONE);

  private static final Set<String> HEDGES =
      Set.of(
          ("not or maybe perhaps possibly probably wrong incorrect false unless never isn"
                  + " no either else otherwise alternatively instead than least most wait")
              .split(" "));

  private record Base(String dimension, Rational factor) {}

  private static final Map<String, Base> KNOWN = known();

  /** A single letter that is read as a unit after a number and a space. */
  static boolean isLetterUnit(String letter) {
    return "mslLgGhNJWVAKCFMdk".contains(letter) && KNOWN.containsKey(letter);
  }

  static boolean isKnown(String word) {
    return KNOWN.containsKey(word) || KNOWN.containsKey(word.toLowerCase(Locale.ROOT));
  }

  /** Whether words may stand behind a value without taking it back or naming another. */
  static boolean isPlausible(String words) {
    String[] all = words.toLowerCase(Locale.ROOT).split("[^a-z]+");
    if (all.length > 8) {
      return false;
    }
    for (String word : all) {
      if (HEDGES.contains(word) || NumberWords.parse(word) != null) {
        return false;
      }
    }
    return true;
  }

  boolean isPercent() {
    return "percent".equals(dimension);
  }

  boolean isAngle() {
    return "angle".equals(dimension);
  }

  /** Multiplies a power of ten in front: {@code 1.5 million}. */
  static @Nullable Rational magnitude(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "hundred" -> Rational.of(100);
      case "thousand" -> Rational.of(1_000);
      case "million" -> Rational.of(1_000_000);
      case "billion" -> Rational.of(1_000_000_000);
      case "trillion" -> Rational.of(1_000_000_000_000L);
      default -> null;
    };
  }

  /**
   * Reads {@code km/h}, {@code square feet}, {@code m^2}, {@code meters per second}, {@code
   * apples}.
   */
  static Unit of(String text) {
    SortedMap<String, Integer> powers = new TreeMap<>();
    Rational factor = Rational.ONE;
    boolean under = false;
    int next = 1;
    for (String word : words(text)) {
      String bare = word.toLowerCase(Locale.ROOT);
      switch (bare) {
        case "/", "per", "a", "an" -> {
          under = true;
          continue;
        }
        case "*", "-", ".", "of", "the", "each" -> {
          continue;
        }
        case "square", "squared", "sq" -> {
          next = 2;
          if (bare.equals("squared") && powers.size() == 1) {
            powers.replaceAll((k, v) -> v * 2);
            factor = factor.times(factor);
            next = 1;
          }
          continue;
        }
        case "cubic", "cubed", "cu" -> {
          next = 3;
          if (bare.equals("cubed") && powers.size() == 1) {
            powers.replaceAll((k, v) -> v * 3);
            factor = factor.pow(3);
            next = 1;
          }
          continue;
        }
        default -> {}
      }
      int power = next;
      next = 1;
      int hat = word.indexOf('^');
      if (hat > 0) {
        try {
          power *= Integer.parseInt(word.substring(hat + 1));
        } catch (NumberFormatException e) {
          return new Unit(text, null, Rational.ONE);
        }
        word = word.substring(0, hat);
      }
      Base base = KNOWN.get(word);
      if (base == null) {
        base = KNOWN.get(word.toLowerCase(Locale.ROOT));
      }
      if (base == null || Math.abs(power) > 9) {
        return new Unit(text, null, Rational.ONE);
      }
      if (under) {
        power = -power;
      }
      factor = factor.times(base.factor().pow(power));
      // A base dimension may itself be a power: a litre is m^3.
      int caret = base.dimension().indexOf('^');
      String name = caret < 0 ? base.dimension() : base.dimension().substring(0, caret);
      int own = caret < 0 ? 1 : Integer.parseInt(base.dimension().substring(caret + 1));
      powers.merge(name, own * power, Integer::sum);
    }
    if (powers.isEmpty()) {
      return new Unit(text, null, Rational.ONE);
    }
    StringBuilder dimension = new StringBuilder();
    powers.forEach(
        (name, power) ->
            dimension
                .append(dimension.isEmpty() ? "" : " ")
                .append(name)
                .append(power == 1 ? "" : "^" + power));
    return new Unit(text, dimension.toString(), factor);
  }

  /** Words, keeping {@code ^2} with its word and {@code /} and {@code *} apart. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean exponentSign = c == '-' && i > 0 && text.charAt(i - 1) == '^';
      if (Character.isLetterOrDigit(c) || c == '^' || c == '°' || exponentSign) {
        word.append(c);
      } else {
        if (!word.isEmpty()) {
          add(words, word.toString());
          word.setLength(0);
        }
        if (c == '/' || c == '*') {
          words.add(String.valueOf(c));
        }
      }
    }
    if (!word.isEmpty()) {
      add(words, word.toString());
    }
    return words;
  }

  private static void add(List<String> words, String word) {
    switch (word.toLowerCase(Locale.ROOT)) {
      case "mph" -> words.addAll(List.of("mi", "/", "h"));
      case "kph", "kmh" -> words.addAll(List.of("km", "/", "h"));
      default -> words.add(word);
    }
  }

  private static Map<String, Base> known() {
    Map<String, Base> units = new TreeMap<>();
    String[] table = {
      "m 1 m meter meters metre metres",
      "m 1/100 cm centimeter centimeters centimetre centimetres",
      "m 1/1000 mm millimeter millimeters millimetre millimetres",
      "m 1000 km kilometer kilometers kilometre kilometres kms",
      "m 254/10000 in inch inches",
      "m 3048/10000 ft foot feet",
      "m 9144/10000 yd yard yards yds",
      "m 1609344/1000 mi mile miles",
      "m 1/1000000000 nm nanometer nanometers",
      "g 1 g gram grams gm",
      "g 1000 kg kilogram kilograms kgs kilo kilos",
      "g 1/1000 mg milligram milligrams",
      "g 1000000 tonne tonnes",
      "g 45359237/100000 lb lbs pound pounds",
      "g 45359237/1600000 oz ounce ounces",
      "s 1 s sec secs second seconds",
      "s 60 min mins minute minutes",
      "s 3600 h hr hrs hour hours",
      "s 86400 day days",
      "s 604800 week weeks",
      "s 1/1000 ms millisecond milliseconds",
      "month 1 month months",
      "month 12 year years yr yrs",
      "m^3 1/1000 L l liter liters litre litres",
      "m^3 1/1000000 ml mL milliliter milliliters millilitre millilitres cc",
      "dollar 1 dollar dollars usd USD buck bucks",
      "dollar 1/100 cent cents ¢",
      "euro 1 euro euros eur EUR",
      "rupee 1 rupee rupees",
      "angle 1 degree degrees deg degs ° circ",
      "radian 1 radian radians rad rads",
      "percent 1/100 percent percentage pct",
      "celsius 1 °c celsius",
      "fahrenheit 1 °f fahrenheit",
      "kelvin 1 K kelvin kelvins",
      "newton 1 N newton newtons",
      "joule 1 J joule joules",
      "joule 1000 kJ kilojoule kilojoules",
      "watt 1 W watt watts",
      "watt 1000 kW kilowatt kilowatts",
      "volt 1 V volt volts",
      "ampere 1 A amp amps ampere amperes",
      "ohm 1 ohm ohms",
      "hertz 1 Hz hz hertz",
      "mol 1 mol mole moles",
      "pascal 1 Pa pascal pascals",
      "bit 1 bit bits",
      "bit 8 byte bytes",
    };
    for (String line : table) {
      String[] parts = line.split(" ");
      String[] factor = parts[1].split("/");
      Rational value =
          Rational.of(Long.parseLong(factor[0]), factor.length > 1 ? Long.parseLong(factor[1]) : 1);
      for (int i = 2; i < parts.length; i++) {
        units.put(parts[i], new Base(parts[0], value));
      }
    }
    return units;
  }
}
