/** Signals that look at a response as text: matches, overlaps, patterns, lengths, words. */
@NullMarked
package dev.goodhart.verify.text;

import org.jspecify.annotations.NullMarked;
