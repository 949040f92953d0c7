/**
 * Decoder-only transformers in the Hugging Face layout: what a checkpoint's {@code config.json}
 * says ({@link DecoderConfig}), its tensors ({@link SafeTensors}), the forward pass ({@link
 * Decoder}) and whole folders ({@link HfFolder}).
 */
@NullMarked
package dev.goodhart.neural.model;

import org.jspecify.annotations.NullMarked;
