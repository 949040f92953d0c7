package dev.goodhart.serve.protocol;

import java.util.List;

/** The tokens that begin, end and pad a text when a tokenizer decodes it with its special ones. */
final class SpecialTokens {
  private static final List<String> TOKENS =
      List.of(
          "<s>",
          "</s>",
          "<bos>",
          "<eos>",
          "<pad>",
          "[PAD]",
          "<|begin_of_text|>",
          "<|end_of_text|>",
          "<|finetune_right_pad_id|>",
          "<|endoftext|>",
          "<|im_end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|eot|>",
          "<|end|>",
          "<|pad|>",
          "<|bos|>",
          "<|eos|>",
          "<|end_of_sentence|>",
          "<end_of_turn>",
          "<｜begin▁of▁sentence｜>",
          "<｜end▁of▁sentence｜>",
          "<｜▁pad▁｜>");

  private SpecialTokens() {}

  /** A text without those that it begins with. */
  static String afterLeading(String text) {
    int start = 0;
    for (int length = 1; length > 0; start += length) {
      length = 0;
      for (String token : TOKENS) {
        if (text.startsWith(token, start)) {
          length = token.length();
          break;
        }
      }
    }
    return text.substring(start);
  }

  /** A text without those that it ends with, and without the white space between and after them. */
  static String beforeTrailing(String text) {
    return text.substring(0, end(text, 0, text.length()));
  }

  /** Where a stretch of a text ends without them. */
  static int end(String text, int from, int to) {
    int end = to;
    while (true) {
      int last = end;
      while (last > from && Character.isWhitespace(text.charAt(last - 1))) last--;
      int length = 0;
      for (String token : TOKENS) {
        if (last - token.length() >= from && text.startsWith(token, last - token.length())) {
          length = token.length();
          break;
        }
      }
      if (length == 0) {
        return end;
      }
      end = last - length;
    }
  }
}
