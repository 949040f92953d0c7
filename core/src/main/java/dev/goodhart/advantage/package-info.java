/** Credit over a group: rewards of a group to advantages. */
@NullMarked
package dev.goodhart.advantage;

import org.jspecify.annotations.NullMarked;
