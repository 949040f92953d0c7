/**
 * The world of queries: generated schemas, questions in templates, and the mistakes of a policy.
 */
@NullMarked
package dev.goodhart.lab.sql;

import org.jspecify.annotations.NullMarked;
