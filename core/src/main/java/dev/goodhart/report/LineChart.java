package dev.goodhart.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/**
 * Lines over a common axis: over-optimisation curves, learning curves, reliability.
 *
 * @param top a second scale above the picture for the same positions, the KL of best-of-n over n
 *     say
 */
public record LineChart(
    String title,
    String description,
    Axis x,
    Axis y,
    List<Series> series,
    List<Reference> references,
    Optional<Top> top)
    implements Chart {
  /**
   * A second scale for the positions of the x axis.
   *
   * @param of from a position to what it is called above
   */
  public record Top(String label, DoubleUnaryOperator of) {}

  private static final double WIDTH = 380;
  private static final double HEIGHT = 260;
  private static final double RIGHT = 14;
  private static final double BOTTOM = 42;

  public LineChart {
    series = List.copyOf(series);
    references = List.copyOf(references);
  }

  public LineChart(String title, String description, Axis x, Axis y, List<Series> series) {
    this(title, description, x, y, series, List.of(), Optional.empty());
  }

  public LineChart with(Reference... others) {
    return new LineChart(title, description, x, y, series, List.of(others), top);
  }

  public LineChart with(Top scale) {
    return new LineChart(title, description, x, y, series, references, Optional.of(scale));
  }

  @Override
  public List<Key> legend() {
    List<Key> keys = new ArrayList<>();
    for (int s = 0; s < series.size(); s++) {
      keys.add(new Key(series.get(s).name(), colour(s)));
    }
    references.forEach(reference -> keys.add(new Key(reference.name(), "ref")));
    return keys.size() == 1 ? List.of() : keys;
  }

  /** Quiet series are grey; the others take the palette's colours in order. */
  private String colour(int index) {
    if (series.get(index).style() == Series.Style.QUIET) {
      return "quiet";
    }
    long before = series.stream().limit(index).filter(s -> s.style() != Series.Style.QUIET).count();
    return "c" + before % 8 + (before >= 8 ? " dash" : "");
  }

  @Override
  public String svg(String id) {
    Axis across = x.fitted(points().map(Point::x).toList());
    Axis up = y.fitted(heights());
    List<Double> rows = up.ticks();
    double left = 8 + rows.stream().mapToDouble(tick -> Svg.width(up.tick(tick))).max().orElse(20);
    double ceiling = top.isPresent() ? 56 : 26;
    double floor = HEIGHT - BOTTOM;
    DoubleUnaryOperator px = value -> left + across.at(value) * (WIDTH - RIGHT - left);
    DoubleUnaryOperator py = value -> floor - Math.clamp(up.at(value), 0, 1) * (floor - ceiling);
    Svg svg = new Svg(id, title, description, WIDTH, HEIGHT);
    svg.text(0, 12, "start", "label", y.label());
    for (double tick : rows) {
      svg.line(left, py.applyAsDouble(tick), WIDTH - RIGHT, py.applyAsDouble(tick), "grid");
      svg.text(left - 6, py.applyAsDouble(tick) + 4, "end", "tick", up.tick(tick));
    }
    svg.line(left, floor, WIDTH - RIGHT, floor, "axis");
    for (double tick : across.ticks()) {
      double at = px.applyAsDouble(tick);
      svg.line(at, floor, at, floor + 4, "axis");
      svg.text(at, floor + 17, "middle", "tick", across.tick(tick));
      top.ifPresent(
          scale ->
              svg.text(
                  at,
                  ceiling - 7,
                  "middle",
                  "tick",
                  Figure.fixed(scale.of().applyAsDouble(tick), 1)));
    }
    svg.text((left + WIDTH - RIGHT) / 2, HEIGHT - 5, "middle", "label", x.label());
    top.ifPresent(scale -> svg.text(WIDTH - RIGHT, 30, "end", "label", scale.label()));
    references.forEach(reference -> draw(svg, reference, across, up, px, py));
    for (int s = 0; s < series.size(); s++) {
      band(svg, series.get(s), colour(s), px, py);
    }
    // Quiet lines first, so that the others stand before them.
    for (int s = 0; s < series.size(); s++) {
      if (series.get(s).style() == Series.Style.QUIET) {
        line(svg, series.get(s), colour(s), px, py);
      }
    }
    for (int s = 0; s < series.size(); s++) {
      if (series.get(s).style() != Series.Style.QUIET) {
        line(svg, series.get(s), colour(s), px, py);
      }
    }
    return svg.toString();
  }

  private Stream<Point> points() {
    return series.stream().flatMap(s -> s.points().stream()).filter(Point::drawn);
  }

  private List<Double> heights() {
    List<Double> heights = new ArrayList<>();
    for (Series line : series) {
      for (Point point : line.points()) {
        if (point.drawn()) {
          heights.add(point.y());
          if (line.style() != Series.Style.QUIET && point.hasInterval()) {
            heights.add(point.low());
            heights.add(point.high());
          }
        }
      }
    }
    for (Reference reference : references) {
      if (reference instanceof Reference.Level level) {
        heights.add(level.value());
      }
    }
    return heights;
  }

  private static void draw(
      Svg svg,
      Reference reference,
      Axis across,
      Axis up,
      DoubleUnaryOperator px,
      DoubleUnaryOperator py) {
    switch (reference) {
      case Reference.Level level ->
          svg.line(
              px.applyAsDouble(across.from()),
              py.applyAsDouble(level.value()),
              px.applyAsDouble(across.to()),
              py.applyAsDouble(level.value()),
              "ref");
      case Reference.Diagonal _ -> {
        double from = Math.max(across.from(), up.from());
        double to = Math.min(across.to(), up.to());
        svg.line(
            px.applyAsDouble(from),
            py.applyAsDouble(from),
            px.applyAsDouble(to),
            py.applyAsDouble(to),
            "ref");
      }
    }
  }

  private static void band(
      Svg svg, Series line, String colour, DoubleUnaryOperator px, DoubleUnaryOperator py) {
    List<Point> within = line.points().stream().filter(Point::hasInterval).toList();
    if (line.style() != Series.Style.LINE || within.size() < 2) {
      return;
    }
    StringBuilder path = new StringBuilder();
    for (Point point : within) {
      path.append(path.isEmpty() ? "M" : "L")
          .append(at(px, point.x()))
          .append(' ')
          .append(at(py, point.high()));
    }
    for (Point point : within.reversed()) {
      path.append('L').append(at(px, point.x())).append(' ').append(at(py, point.low()));
    }
    svg.path(path.append('Z').toString(), "band " + colour);
  }

  private static void line(
      Svg svg, Series line, String colour, DoubleUnaryOperator px, DoubleUnaryOperator py) {
    boolean dots = line.style() == Series.Style.DOTS;
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (Point point : line.points()) {
      if (point.drawn()) {
        path.append(pen ? "L" : "M")
            .append(at(px, point.x()))
            .append(' ')
            .append(at(py, point.y()));
      }
      pen = point.drawn();
    }
    if (!path.isEmpty()) {
      svg.path(path.toString(), (dots ? "thin " : "line ") + colour);
    }
    if (line.style() == Series.Style.QUIET) {
      return;
    }
    for (Point point : line.points()) {
      if (dots && point.hasInterval()) {
        double at = px.applyAsDouble(point.x());
        svg.line(
            at,
            py.applyAsDouble(point.low()),
            at,
            py.applyAsDouble(point.high()),
            "whisker " + colour);
      }
    }
    if (dots || line.points().size() <= 24) {
      for (Point point : line.points()) {
        if (point.drawn()) {
          String tip = line.name() + ": " + Figure.of(point.x()) + " → " + Figure.of(point.y());
          svg.dot(
              px.applyAsDouble(point.x()),
              py.applyAsDouble(point.y()),
              dots ? 4 : 2.6,
              "dot " + colour,
              tip);
        }
      }
    }
  }

  private static String at(DoubleUnaryOperator scale, double value) {
    return Svg.at(scale.applyAsDouble(value));
  }

  @Override
  public Table table() {
    List<String> header = new ArrayList<>(List.of(x.label()));
    top.ifPresent(scale -> header.add(scale.label()));
    List<Map<Double, Point>> columns = new ArrayList<>();
    TreeSet<Double> positions = new TreeSet<>();
    for (Series line : series) {
      header.add(line.name());
      Map<Double, Point> byPosition = new LinkedHashMap<>();
      for (Point point : line.points()) {
        if (point.drawn()) {
          byPosition.putIfAbsent(point.x(), point);
          positions.add(point.x());
        }
      }
      columns.add(byPosition);
    }
    List<List<String>> rows = new ArrayList<>();
    for (double position : positions) {
      List<String> row =
          new ArrayList<>(List.of(x.percent() ? Figure.percent(position) : Figure.of(position)));
      top.ifPresent(scale -> row.add(Figure.fixed(scale.of().applyAsDouble(position), 2)));
      for (Map<Double, Point> column : columns) {
        row.add(cell(column.get(position)));
      }
      rows.add(row);
    }
    return new Table(
        title, header.stream().map(name -> new Table.Column(name, true)).toList(), rows);
  }

  private String cell(@org.jspecify.annotations.Nullable Point point) {
    if (point == null) {
      return Figure.NONE;
    }
    String value = value(point.y());
    return point.hasInterval()
        ? value + " [" + value(point.low()) + ", " + value(point.high()) + "]"
        : value;
  }

  private String value(double value) {
    return y.percent() ? Figure.percent(value) : Figure.of(value);
  }
}
