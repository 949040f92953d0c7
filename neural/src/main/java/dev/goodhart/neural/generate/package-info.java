/**
 * Text from a model: how the next token is chosen ({@link Sampling}), what a model remembers of
 * what it has read ({@link KvCache}), and prompts going in while responses come out ({@link
 * Generator}).
 */
@NullMarked
package dev.goodhart.neural.generate;

import org.jspecify.annotations.NullMarked;
