package dev.goodhart.serve.live;

import org.jspecify.annotations.Nullable;

/**
 * How a signal is doing, over the last one to two minutes.
 *
 * @param unscored samples that it could not decide
 * @param reason the commonest why, null when there is none
 * @param cached answers that were known already
 * @param median milliseconds from the request for a sample to the signal's answer, waiting
 *     included, cached ones aside; within 9 %. NaN when there were none
 * @param slowest hundredth, likewise
 */
public record Health(
    String signal,
    long samples,
    long unscored,
    @Nullable String reason,
    long cached,
    double median,
    double slowest) {}
