/** Policies optimised against a reward: worlds, roll-outs, updates, reports. */
@NullMarked
package dev.goodhart.neural.align;

import org.jspecify.annotations.NullMarked;
