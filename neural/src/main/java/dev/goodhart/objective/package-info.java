/** Losses that update a model: log-probabilities, rewards and preferences in, one number out. */
@NullMarked
package dev.goodhart.objective;

import org.jspecify.annotations.NullMarked;
