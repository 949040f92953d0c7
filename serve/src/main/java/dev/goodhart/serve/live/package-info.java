/** Watches every run as its rollouts arrive: curves, samples worth a look, alarms. */
@NullMarked
package dev.goodhart.serve.live;

import org.jspecify.annotations.NullMarked;
