/**
 * World bandit: prompts by responses, all in tables, so that every expectation, divergence, optimum
 * and gradient is exact. The instrument that other implementations are held against.
 */
@NullMarked
package dev.goodhart.lab.bandit;

import org.jspecify.annotations.NullMarked;
