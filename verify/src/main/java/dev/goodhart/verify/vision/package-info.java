/** Signals on places in a picture: boxes and points that a response names. */
@NullMarked
package dev.goodhart.verify.vision;

import org.jspecify.annotations.NullMarked;
