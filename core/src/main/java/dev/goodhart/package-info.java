/** The nouns of reward engineering: sample, group, preference, trajectory, reward. */
@NullMarked
package dev.goodhart;

import org.jspecify.annotations.NullMarked;
