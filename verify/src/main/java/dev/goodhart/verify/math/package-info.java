/**
 * Mathematical answers: found in free text, read, and compared with the true answer.
 *
 * <p>{@link dev.goodhart.verify.math.MathVerifier} is the signal, {@link
 * dev.goodhart.verify.math.MathAnswer} the extraction and {@link
 * dev.goodhart.verify.math.MathEquality} the comparison on their own. Text goes through {@code
 * Lexer} and {@code Parser} into an {@code Expr}; {@code Comparison} decides by shape (list, set,
 * interval, relation, matrix, words), {@code Values} decides single values: exact fractions first,
 * then evaluation at points with a running error bound as a filter, then an exact normal form
 * ({@code Form}), and only then the computer algebra system.
 */
@NullMarked
package dev.goodhart.verify.math;

import org.jspecify.annotations.NullMarked;
