/** The runs in a browser: a page, what it is made of, and a stream of what is new. */
@NullMarked
package dev.goodhart.serve.dashboard;

import org.jspecify.annotations.NullMarked;
