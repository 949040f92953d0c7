/**
 * What best-of-n makes of a reward model in the style world: gold, length and the model's own
 * belief against n.
 */
@NullMarked
package dev.goodhart.lab.bestofn;

import org.jspecify.annotations.NullMarked;
