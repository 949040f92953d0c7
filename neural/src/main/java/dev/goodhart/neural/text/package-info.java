/** Between text and token ids: tokenizers and chat templates, as Hugging Face folders hold them. */
@NullMarked
package dev.goodhart.neural.text;

import org.jspecify.annotations.NullMarked;
