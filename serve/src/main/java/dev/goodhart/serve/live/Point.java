package dev.goodhart.serve.live;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one window of a run: a point of every curve.
 *
 * @param window its number within the run, from 0
 * @param step where the client says steps
 * @param samples all that were seen, {@code unscored} those without a reward
 * @param reward null when none was scored
 * @param parts by name; a part that no sample had is left out
 * @param length of the responses, in characters
 * @param deviation mean deviation of the rewards that carry one; NaN when none does
 * @param repetition mean share of repeated runs of four words; NaN where nothing was looked at
 * @param duplicates share of responses that equal another one; NaN for fewer than two samples
 */
public record Point(
    long window,
    @Nullable Long step,
    Instant from,
    Instant to,
    long samples,
    long unscored,
    @Nullable Summary reward,
    Map<String, Summary> parts,
    @Nullable Summary length,
    double deviation,
    double repetition,
    double duplicates) {}
