/** Measures a reward or a run: reward to finding. */
@NullMarked
package dev.goodhart.audit;

import org.jspecify.annotations.NullMarked;
