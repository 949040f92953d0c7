/** What all wire protocols share: bodies, limits, keys, errors, and the way to a reward. */
@NullMarked
package dev.goodhart.serve.http;

import org.jspecify.annotations.NullMarked;
