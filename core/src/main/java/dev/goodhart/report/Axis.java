package dev.goodhart.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a chart.
 *
 * @param label what it measures, with its unit
 * @param log whether equal factors take equal lengths; everything on it must then be above 0
 * @param from where it begins; NaN for the least value shown
 * @param to where it ends; NaN for the greatest value shown
 * @param percent whether ticks are shares of one written as percentages
 */
public record Axis(String label, boolean log, double from, double to, boolean percent) {
  public static Axis of(String label) {
    return new Axis(label, false, Double.NaN, Double.NaN, false);
  }

  public static Axis log(String label) {
    return new Axis(label, true, Double.NaN, Double.NaN, false);
  }

  /** An axis of shares of one, written as percentages. */
  public static Axis percent(String label) {
    return new Axis(label, false, Double.NaN, Double.NaN, true);
  }

  public Axis between(double least, double most) {
    return new Axis(label, log, least, most, percent);
  }

  String tick(double value) {
    return percent ? Figure.tick(100 * value) + "%" : Figure.tick(value);
  }

  /** This axis with both ends known: its own, or round ones that hold all values. */
  Axis fitted(List<Double> values) {
    double least =
        values.stream().filter(Double::isFinite).mapToDouble(v -> v).min().orElse(log ? 1 : 0);
    double most =
        values.stream().filter(Double::isFinite).mapToDouble(v -> v).max().orElse(least + 1);
    if (Double.isFinite(from)) {
      least = from;
    }
    if (Double.isFinite(to)) {
      most = to;
    }
    if (log) {
      if (!(least > 0)) {
        throw new IllegalArgumentException(
            "a logarithmic axis '" + label + "' cannot show " + least);
      }
      return between(least, most > least ? most : 2 * least);
    }
    if (!(most > least)) {
      double room = least == 0 ? 1 : Math.abs(least) / 10;
      return between(least - room, least + room);
    }
    double step = step(most - least);
    return between(
        Double.isFinite(from) ? from : Math.floor(least / step + 1e-9) * step,
        Double.isFinite(to) ? to : Math.ceil(most / step - 1e-9) * step);
  }

  /** Where a value stands, 0 at the beginning and 1 at the end. */
  double at(double value) {
    return log
        ? (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))
        : (value - from) / (to - from);
  }

  /** Round values within the ends: about five, or the powers of one base. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (log) {
      double ratio = to / from;
      int base = ratio <= 64 ? 2 : ratio <= 8192 ? 4 : 10;
      int exponent = (int) Math.ceil(Math.log(from) / Math.log(base) - 1e-9);
      for (double tick = Math.pow(base, exponent);
          tick <= to * (1 + 1e-9);
          tick = Math.pow(base, ++exponent)) {
        ticks.add(tick);
      }
    } else {
      double step = step(to - from);
      for (long k = (long) Math.ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; k++) {
        ticks.add(k * step);
      }
    }
    return ticks;
  }

  /** A round step that cuts a range into about five. */
  private static double step(double range) {
    double raw = range / 5;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double lead = raw / power;
    return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
  }
}
