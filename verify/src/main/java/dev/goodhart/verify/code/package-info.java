/** Programs as answers: run in a sandbox, judged from outside it. */
@NullMarked
package dev.goodhart.verify.code;

import org.jspecify.annotations.NullMarked;
