/** Samples in, rewards out, under load: lanes, batches, deadlines, the cache. Knows no HTTP. */
@NullMarked
package dev.goodhart.serve.scoring;

import org.jspecify.annotations.NullMarked;
