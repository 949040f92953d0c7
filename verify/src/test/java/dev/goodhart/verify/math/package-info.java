@NullMarked
package dev.goodhart.verify.math;

import org.jspecify.annotations.NullMarked;
