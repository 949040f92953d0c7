/** A reward model that needs no native code: hashed n-grams into a linear Bradley–Terry model. */
@NullMarked
package dev.goodhart.signal.hashed;

import org.jspecify.annotations.NullMarked;
