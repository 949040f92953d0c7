/** One experiment a published system, each read from top to bottom in one file. */
@NullMarked
package dev.goodhart.lab.experiment;

import org.jspecify.annotations.NullMarked;
