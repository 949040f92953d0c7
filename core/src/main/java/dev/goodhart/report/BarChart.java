package dev.goodhart.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Named values side by side, lying down: the names have room, also on a phone.
 *
 * @param axis of the values
 * @param bars from top to bottom
 * @param references values to compare with
 */
public record BarChart(
    String title, String description, Axis axis, List<Bar> bars, List<Reference.Level> references)
    implements Chart {
  /**
   * One bar.
   *
   * @param group bars of one group share a colour and an entry of the legend; empty where there are
   *     no groups
   * @param low the lower end of the interval; NaN where there is none
   * @param high the upper end
   */
  public record Bar(String label, String group, double value, double low, double high) {
    boolean hasInterval() {
      return Double.isFinite(low) && Double.isFinite(high);
    }
  }

  private static final double WIDTH = 380;
  private static final double ROW = 38;
  private static final int LONGEST = 38;

  public BarChart {
    bars = List.copyOf(bars);
    references = List.copyOf(references);
  }

  public BarChart(String title, String description, Axis axis, List<Bar> bars) {
    this(title, description, axis, bars, List.of());
  }

  public BarChart with(Reference.Level... others) {
    return new BarChart(title, description, axis, bars, List.of(others));
  }

  private List<String> groups() {
    return new ArrayList<>(new LinkedHashSet<>(bars.stream().map(Bar::group).toList()));
  }

  @Override
  public List<Key> legend() {
    List<Key> keys = new ArrayList<>();
    List<String> groups = groups();
    if (groups.size() > 1) {
      for (String group : groups) {
        keys.add(new Key(group, "c" + groups.indexOf(group) % 8));
      }
    }
    references.forEach(reference -> keys.add(new Key(reference.name(), "ref")));
    return keys;
  }

  @Override
  public String svg(String id) {
    List<Double> values = new ArrayList<>();
    values.add(Double.isFinite(axis.from()) ? axis.from() : 0.0);
    for (Bar bar : bars) {
      values.add(bar.value());
      values.add(bar.low());
      values.add(bar.high());
    }
    references.forEach(reference -> values.add(reference.value()));
    Axis across = axis.fitted(values);
    double left = 4;
    double right = WIDTH - 14;
    double top = 6;
    double floor = top + ROW * bars.size();
    Svg svg = new Svg(id, title, description, WIDTH, floor + 42);
    for (double tick : across.ticks()) {
      double at = left + across.at(tick) * (right - left);
      svg.line(at, top, at, floor, "grid");
      svg.text(at, floor + 16, at < left + 12 ? "start" : "middle", "tick", across.tick(tick));
    }
    double zero =
        left
            + Math.clamp(across.at(Math.clamp(0.0, across.from(), across.to())), 0, 1)
                * (right - left);
    for (Reference.Level reference : references) {
      double at = left + across.at(reference.value()) * (right - left);
      svg.line(at, top, at, floor, "ref");
    }
    List<String> groups = groups();
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double y = top + ROW * i;
      String colour = "c" + groups.indexOf(bar.group()) % 8;
      String shown = written(bar);
      svg.text(left, y + 13, "start", "name", shortened(bar.label()));
      svg.text(right, y + 13, "end", "value", shown);
      if (Double.isFinite(bar.value())) {
        double end = left + Math.clamp(across.at(bar.value()), 0, 1) * (right - left);
        svg.rectangle(
            Math.min(zero, end),
            y + 19,
            Math.max(1, Math.abs(end - zero)),
            11,
            "bar " + colour,
            bar.label() + ": " + shown);
      }
      if (bar.hasInterval()) {
        double from = left + Math.clamp(across.at(bar.low()), 0, 1) * (right - left);
        double to = left + Math.clamp(across.at(bar.high()), 0, 1) * (right - left);
        svg.path(
            "M"
                + Svg.at(from)
                + " "
                + Svg.at(y + 21)
                + "v7M"
                + Svg.at(from)
                + " "
                + Svg.at(y + 24.5)
                + "H"
                + Svg.at(to)
                + "M"
                + Svg.at(to)
                + " "
                + Svg.at(y + 21)
                + "v7",
            "error");
      }
    }
    svg.line(zero, top, zero, floor, "axis");
    svg.text((left + right) / 2, floor + 35, "middle", "label", axis.label());
    return svg.toString();
  }

  private static String shortened(String label) {
    return label.length() <= LONGEST ? label : label.substring(0, LONGEST - 1) + "…";
  }

  private String written(Bar bar) {
    return axis.percent() ? Figure.percent(bar.value()) : Figure.of(bar.value());
  }

  @Override
  public Table table() {
    List<Table.Column> columns = new ArrayList<>(List.of(new Table.Column("", false)));
    boolean grouped = groups().size() > 1;
    if (grouped) {
      columns.add(new Table.Column("group", false));
    }
    for (String name : List.of(axis.label(), "low", "high")) {
      columns.add(new Table.Column(name, true));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Bar bar : bars) {
      List<String> row = new ArrayList<>(List.of(bar.label()));
      if (grouped) {
        row.add(bar.group());
      }
      for (double value : new double[] {bar.value(), bar.low(), bar.high()}) {
        row.add(axis.percent() ? Figure.percent(value) : Figure.of(value));
      }
      rows.add(row);
    }
    return new Table(title, columns, rows);
  }
}
