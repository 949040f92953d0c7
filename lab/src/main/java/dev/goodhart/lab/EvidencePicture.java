package dev.goodhart.lab;

import dev.goodhart.report.Axis;
import dev.goodhart.report.LineChart;
import dev.goodhart.report.Picture;
import dev.goodhart.report.Point;
import dev.goodhart.report.Series;
import java.util.ArrayList;
import java.util.List;

/** The curves of an experiment as a picture: means over seeds with two standard errors. */
final class EvidencePicture {
  private static final int MOST_CURVES = 8;

  /** Whether there is something to draw: a few curves over three points or more. */
  static boolean drawable(Evidence evidence) {
    return evidence.axis().points().size() >= 3
        && !evidence.curves().isEmpty()
        && evidence.curves().size() <= MOST_CURVES;
  }

  /** An SVG document. */
  static String of(Evidence evidence) {
    List<Double> x = evidence.axis().points();
    List<Series> series = new ArrayList<>();
    evidence
        .curves()
        .forEach(
            (arm, curve) -> {
              List<Point> points = new ArrayList<>();
              for (int i = 0; i < x.size(); i++) {
                double mean = curve.get(i).mean();
                double error = 2 * curve.get(i).standardError();
                points.add(new Point(x.get(i), mean, mean - error, mean + error));
              }
              series.add(new Series(arm, points, Series.Style.LINE));
            });
    double first = x.getFirst();
    boolean log = first > 0 && x.getLast() / first >= 30;
    String seeds =
        "seeds %d to %d"
            .formatted(evidence.firstSeed(), evidence.firstSeed() + evidence.seeds() - 1);
    return Picture.svg(
        new LineChart(
            evidence.name() + ", " + seeds,
            evidence.title() + ". Mean over " + seeds + " with two standard errors.",
            log ? Axis.log(evidence.axis().name()) : Axis.of(evidence.axis().name()),
            Axis.of(""),
            series));
  }

  private EvidencePicture() {}
}
