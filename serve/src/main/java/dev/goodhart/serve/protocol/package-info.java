/** The wire protocols of the trainers, one class each. */
@NullMarked
package dev.goodhart.serve.protocol;

import org.jspecify.annotations.NullMarked;
