/** Preference data made better: data set to data set. */
@NullMarked
package dev.goodhart.curate;

import org.jspecify.annotations.NullMarked;
