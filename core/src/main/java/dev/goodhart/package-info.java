/**
 * The nouns: prompt, response, sample, group, preference, trajectory, reward. Immutable values,
 * validated where they are made, that every room speaks and that depend on none.
 */
@NullMarked
package dev.goodhart;

import org.jspecify.annotations.NullMarked;
