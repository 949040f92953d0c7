/**
 * What every run shares: progress, seeds split by purpose, files that appear whole or not at all,
 * provenance.
 */
@NullMarked
package dev.goodhart.run;

import org.jspecify.annotations.NullMarked;
