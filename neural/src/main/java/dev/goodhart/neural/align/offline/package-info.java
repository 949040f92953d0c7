/**
 * Policies that learn from data that is there: preferences, rated responses, demonstrations, a
 * teacher. Nothing is drawn from the policy.
 */
@NullMarked
package dev.goodhart.neural.align.offline;

import org.jspecify.annotations.NullMarked;
