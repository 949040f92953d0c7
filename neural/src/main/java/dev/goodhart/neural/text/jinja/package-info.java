/**
 * The part of Jinja2 that chat templates are written in, with Python's meaning of values, and
 * nothing else: no files, no imports, no reflection, and a budget for time, memory and depth.
 */
@NullMarked
package dev.goodhart.neural.text.jinja;

import org.jspecify.annotations.NullMarked;
