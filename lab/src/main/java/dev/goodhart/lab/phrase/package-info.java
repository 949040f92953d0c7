/**
 * The style world in sixty words, one token each: small enough for a policy of a hundred thousand
 * weights to live in, read from any text exactly.
 */
@NullMarked
package dev.goodhart.lab.phrase;

import org.jspecify.annotations.NullMarked;
