/** How rewards are hacked: the ways there are, what shows each, and what is done about it. */
@NullMarked
package dev.goodhart.audit.hack;

import org.jspecify.annotations.NullMarked;
