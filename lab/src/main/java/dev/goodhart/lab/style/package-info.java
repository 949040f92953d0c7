/**
 * The style world: prompts ask for content, responses answer them well or badly in one of many
 * styles, and the true value of each is known.
 */
@NullMarked
package dev.goodhart.lab.style;

import org.jspecify.annotations.NullMarked;
