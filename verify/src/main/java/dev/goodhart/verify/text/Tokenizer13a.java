package dev.goodhart.verify.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The tokens of mteval-v13a, as the BLEU figures of papers are computed on: ASCII symbols stand
 * alone; a full stop or comma does unless it stands between digits; so does a dash behind a digit.
 *
 * <p>The patterns here have neither alternatives nor unbounded repetition, so their time is linear.
 */
final class Tokenizer13a {
  private static final Pattern SYMBOL = Pattern.compile("([ -&(-+:-@/\\[-`{-~])");
  private static final Pattern NO_DIGIT_BEFORE = Pattern.compile("([^0-9])([.,])");
  private static final Pattern NO_DIGIT_BEHIND = Pattern.compile("([.,])([^0-9])");
  private static final Pattern DASH = Pattern.compile("([0-9])(-)");

  private Tokenizer13a() {}

  static List<String> tokens(String text) {
    String line =
        Words.stripEnd(text).replace("<skipped>", "").replace("-\n", "").replace('\n', ' ');
    if (line.indexOf('&') >= 0) {
      line =
          line.replace("&quot;", "\"")
              .replace("&amp;", "&")
              .replace("&lt;", "<")
              .replace("&gt;", ">");
    }
    line = SYMBOL.matcher(" " + line + " ").replaceAll(" $1 ");
    line = NO_DIGIT_BEFORE.matcher(line).replaceAll("$1 $2 ");
    line = NO_DIGIT_BEHIND.matcher(line).replaceAll(" $1 $2");
    line = DASH.matcher(line).replaceAll("$1 $2 ");
    return Words.split(line);
  }
}
