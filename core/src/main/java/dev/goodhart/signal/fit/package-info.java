/**
 * What fits of every kind of reward model share: the data, its split, the temperature and the
 * measurement on prompts that were held out.
 */
@NullMarked
package dev.goodhart.signal.fit;

import org.jspecify.annotations.NullMarked;
