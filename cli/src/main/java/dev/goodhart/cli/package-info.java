/** The commands, each a thin door to a library call. */
@NullMarked
package dev.goodhart.cli;

import org.jspecify.annotations.NullMarked;
