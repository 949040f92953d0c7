/** Which samples are drawn: policy and history to a plan of roll-outs. */
@NullMarked
package dev.goodhart.explore;

import org.jspecify.annotations.NullMarked;
