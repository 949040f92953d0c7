/** Models on libtorch, and the one place that loads it. */
@NullMarked
package dev.goodhart.neural;

import org.jspecify.annotations.NullMarked;
