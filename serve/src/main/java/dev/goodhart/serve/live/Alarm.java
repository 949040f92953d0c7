package dev.goodhart.serve.live;

import dev.goodhart.audit.Finding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a monitor had to say of a run.
 *
 * @param window the number of the window (see {@link Point}) after which it was raised
 * @param step of the run, where the client says steps
 */
public record Alarm(String run, long window, @Nullable Long step, Instant at, Finding finding) {}
