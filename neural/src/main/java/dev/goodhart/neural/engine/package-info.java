/**
 * The engine room: what hides the rough edges of libtorch's Java binding. Loading and threads
 * ({@link Torch}), native memory ({@link Scope}), where a tensor lives ({@link Device}), and the
 * operations with plain Java numbers ({@link Ops}), so that a loss reads like its formula.
 */
@NullMarked
package dev.goodhart.neural.engine;

import org.jspecify.annotations.NullMarked;
