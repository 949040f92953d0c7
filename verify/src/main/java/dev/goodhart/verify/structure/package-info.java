/** Signals that look at the structure of a response: JSON and its schema. */
@NullMarked
package dev.goodhart.verify.structure;

import org.jspecify.annotations.NullMarked;
