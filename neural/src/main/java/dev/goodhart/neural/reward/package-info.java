/**
 * Reward models with a transformer behind them: what is read off the last hidden states ({@link
 * Head}), ensembles ({@link RewardNet}), saved folders and the signal that scores with them.
 */
@NullMarked
package dev.goodhart.neural.reward;

import org.jspecify.annotations.NullMarked;
