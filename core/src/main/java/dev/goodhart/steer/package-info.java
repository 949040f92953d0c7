/** Frozen weights, better samples: a reward picks among what a policy offers. */
@NullMarked
package dev.goodhart.steer;

import org.jspecify.annotations.NullMarked;
