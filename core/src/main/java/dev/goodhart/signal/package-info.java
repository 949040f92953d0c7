/** Where a raw reward comes from: sample to reward. */
@NullMarked
package dev.goodhart.signal;

import org.jspecify.annotations.NullMarked;
