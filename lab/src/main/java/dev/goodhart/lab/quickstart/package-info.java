/**
 * Goodhart's main job on the style world, end to end: pairs, models, audit, and what hacking does
 * to them.
 */
@NullMarked
package dev.goodhart.lab.quickstart;

import org.jspecify.annotations.NullMarked;
