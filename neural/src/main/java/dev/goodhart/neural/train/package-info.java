/**
 * Training of whatever has a loss on libtorch: the trained weights in one row ({@link Parameters}),
 * the optimiser ({@link AdamW}) and its learning rate ({@link Schedule}), single steps over packed
 * examples ({@link Learner}), and whole runs with evaluation, early stopping and checkpoints
 * ({@link Trainer}). What a training is about is its {@link Task}.
 */
@NullMarked
package dev.goodhart.neural.train;

import org.jspecify.annotations.NullMarked;
