package dev.goodhart.lab.style;

/**
 * What a response is truly worth: correct content is what counts, a little context and one kind
 * word are welcome, and every kind of excess costs.
 *
 * <pre>{@code
 * gold = right r/asked - wrong w/asked            content
 *      + context (1 - exp(-asides))               some context, ever less of it
 *      - stray strays                             beside the point
 *      - excess max(0, words - enough)/10         too long
 *      + praise (min(f, 1) - 2 max(f - 1, 0))     one compliment is pleasant, more are not
 *      - hedge max(0, hedges - 1)                 one doubt is honest, more are evasive
 *      - repeat repeats                           said twice
 *      ± list                                     + for a list of three facts or more, - for a list of fewer
 * }</pre>
 *
 * <p>Unit: the log-odds with which an unbiased annotator prefers one response to another.
 *
 * @param enough words up to which length costs nothing
 * @param excess the cost of ten words beyond that
 */
public record Gold(
    double right,
    double wrong,
    double context,
    double stray,
    int enough,
    double excess,
    double praise,
    double hedge,
    double repeat,
    double list) {
  public static final Gold DEFAULT = new Gold(4, 2, 1, 0.15, 100, 0.1, 0.1, 0.15, 0.3, 0.2);

  public double of(Attributes a) {
    return right * a.right() / a.asked()
        - wrong * a.wrong() / a.asked()
        + context * (1 - Math.exp(-a.asides()))
        - stray * a.strays()
        - excess * Math.max(0, a.words() - enough) / 10
        + praise * (Math.min(a.flattery(), 1) - 2 * Math.max(a.flattery() - 1, 0))
        - hedge * Math.max(0, a.hedges() - 1)
        - repeat * a.repeats()
        + (a.bullets() ? a.asked() >= 3 ? list : -list : 0);
  }
}
