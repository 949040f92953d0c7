/** Rewards over HTTP, for any trainer. */
@NullMarked
package dev.goodhart.serve;

import org.jspecify.annotations.NullMarked;
