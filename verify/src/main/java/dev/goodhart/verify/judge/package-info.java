/** Signals that ask a language model: ratings, comparisons, rubrics, yes or no. */
@NullMarked
package dev.goodhart.verify.judge;

import org.jspecify.annotations.NullMarked;
