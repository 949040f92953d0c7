package dev.goodhart.report;

import java.util.List;

/** A picture of figures; the same figures always stand in {@link #table()} behind it. */
public sealed interface Chart extends Block permits LineChart, BarChart {
  /** What is shown, in a few words. */
  String title();

  /**
   * What the picture says, in a sentence or two, for those who cannot see it and those in a hurry.
   */
  String description();

  /** The figures shown. */
  Table table();

  /**
   * @param id of this picture within its page
   * @return an {@code <svg>} element without styles of its own; the page's style sheet colours it
   */
  String svg(String id);

  /** What stands in the legend, in order; empty where none is needed. */
  List<Key> legend();

  /**
   * An entry of the legend.
   *
   * @param style the style sheet's class for the line or bar
   */
  record Key(String name, String style) {}
}
