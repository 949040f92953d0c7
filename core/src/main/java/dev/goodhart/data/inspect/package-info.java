/**
 * What is in a data file before anything is trained on it: lengths, duplicates, contradictions,
 * ties, position and length effects, annotators' agreement, label noise. One pass, bounded memory.
 */
@NullMarked
package dev.goodhart.data.inspect;

import org.jspecify.annotations.NullMarked;
