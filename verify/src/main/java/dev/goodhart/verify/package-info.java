/** Signals that rules decide: mathematics, code, SQL, text. */
@NullMarked
package dev.goodhart.verify;

import org.jspecify.annotations.NullMarked;
