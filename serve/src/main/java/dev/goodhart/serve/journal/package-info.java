/** Every scored sample on the disk before its client hears of it, and scored again from there. */
@NullMarked
package dev.goodhart.serve.journal;

import org.jspecify.annotations.NullMarked;
