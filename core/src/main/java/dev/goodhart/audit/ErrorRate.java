package dev.goodhart.audit;

import dev.goodhart.report.Figure;

/**
 * Errors among the responses that could have had one.
 *
 * @param errors how many
 * @param of how many
 * @param rate errors divided by of, with its interval over prompts; unknown when there were none
 */
public record ErrorRate(int errors, int of, Interval rate) {
  String counted() {
    return of == 0 ? Figure.NONE : Figure.count(errors) + " / " + Figure.count(of);
  }

  String percent() {
    return of == 0 ? Figure.NONE : rate.percent();
  }
}
