/** A whole file scored: one object a row, in order, and nothing lost when it is killed. */
@NullMarked
package dev.goodhart.score;

import org.jspecify.annotations.NullMarked;
