/**
 * Closed forms on tables: what an optimiser would reach, how far that is, and what it costs, for
 * distributions that are written out. Pure functions of arrays; all divergences in nats.
 */
@NullMarked
package dev.goodhart.audit.exact;

import org.jspecify.annotations.NullMarked;
