package dev.goodhart.verify.sql;

/**
 * What a query may use.
 *
 * @param seconds of wall time
 * @param memoryBytes of SQLite's process beyond what it has when idle
 * @param resultBytes of the whole result, and of any one value on the way
 */
record Limits(double seconds, long memoryBytes, int rows, int resultBytes) {}
