/** One reward made better: calibrated, centred, bounded, shaped. */
@NullMarked
package dev.goodhart.transform;

import org.jspecify.annotations.NullMarked;
