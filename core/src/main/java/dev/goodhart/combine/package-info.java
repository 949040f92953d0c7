/** Many rewards to one: ensembles, weights, gates. */
@NullMarked
package dev.goodhart.combine;

import org.jspecify.annotations.NullMarked;
