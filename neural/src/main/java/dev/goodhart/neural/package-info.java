/** What the module on libtorch offers to specs. */
@NullMarked
package dev.goodhart.neural;

import org.jspecify.annotations.NullMarked;
