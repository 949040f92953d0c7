/** Queries as answers: run by SQLite in a process of its own, judged by their results. */
@NullMarked
package dev.goodhart.verify.sql;

import org.jspecify.annotations.NullMarked;
