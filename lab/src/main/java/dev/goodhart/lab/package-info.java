/** Worlds where the true reward is known, and the experiments that are run in them. */
@NullMarked
package dev.goodhart.lab;

import org.jspecify.annotations.NullMarked;
