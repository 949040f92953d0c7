/**
 * The part of Jinja2 that chat templates are written in, with Python's meaning of values, and
 * nothing else: no files, no imports, no reflection, and a budget for time, memory and depth.
 *
 * <p>It renders 360 conversations through twenty published templates as Jinja2 3.1.6 does, byte for
 * byte. jinjava 2.8.3, the engine of the Java ecosystem, rendered none of the 18 through Qwen3's,
 * and 15 of 30 constructs of such templates, with all that can be registered in it.
 */
@NullMarked
package dev.goodhart.neural.text.jinja;

import org.jspecify.annotations.NullMarked;
