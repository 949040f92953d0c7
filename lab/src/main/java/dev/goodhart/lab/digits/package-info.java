/** A task of completing sequences of digits, which a model with random weights can learn. */
@NullMarked
package dev.goodhart.lab.digits;

import org.jspecify.annotations.NullMarked;
