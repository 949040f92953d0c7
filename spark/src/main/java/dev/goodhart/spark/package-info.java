/** Rewards for data sets that need a cluster. */
@NullMarked
package dev.goodhart.spark;

import org.jspecify.annotations.NullMarked;
