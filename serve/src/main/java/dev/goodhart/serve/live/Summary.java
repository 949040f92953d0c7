package dev.goodhart.serve.live;

/**
 * How some values were distributed.
 *
 * @param low the tenth of a hundred parts
 * @param high the ninetieth
 */
public record Summary(
    long count, double mean, double deviation, double low, double median, double high) {}
