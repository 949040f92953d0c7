/**
 * The world of arithmetic: problems with worked solutions, generated, whose answers are known and
 * whose steps can be checked one by one.
 */
@NullMarked
package dev.goodhart.lab.arith;

import org.jspecify.annotations.NullMarked;
