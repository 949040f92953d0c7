/** Whether hacking of a reward can be told from where the reward stands: a detector, measured. */
@NullMarked
package dev.goodhart.lab.detect;

import org.jspecify.annotations.NullMarked;
