/** Signals that look a response up in a corpus. */
@NullMarked
package dev.goodhart.verify.retrieval;

import org.jspecify.annotations.NullMarked;
