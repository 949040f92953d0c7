/** Parquet files and SQL over run folders, through DuckDB. */
@NullMarked
package dev.goodhart.data.duckdb;

import org.jspecify.annotations.NullMarked;
