/** Reward specs: YAML to records and back, methods found by name, samples scored. */
@NullMarked
package dev.goodhart.spec;

import org.jspecify.annotations.NullMarked;
