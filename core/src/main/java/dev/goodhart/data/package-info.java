/** Reads what the field publishes: rows of JSONL, JSON and CSV, and the layouts in them. */
@NullMarked
package dev.goodhart.data;

import org.jspecify.annotations.NullMarked;
