package dev.goodhart.verify.code;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program in a response: its last fenced code block in the language, else its last block
 * without a language, else its last block, else the whole response. What stands before a closing
 * {@code </think>} is not looked at. A block that the response ends in without closing it counts.
 */
final class CodeBlock {
  private static final Pattern FENCE =
      Pattern.compile("^([ \\t]*)(`{3,}|~{3,})[ \\t]*([^\\s`]*)[^\\n`]*$", Pattern.MULTILINE);

  private CodeBlock() {}

  static String of(String response, Language language) {
    int thought = response.lastIndexOf("</think>");
    String text = thought < 0 ? response : response.substring(thought + "</think>".length());
    text = text.replace("\r\n", "\n");
    String tagged = null;
    String plain = null;
    String any = null;
    Matcher fence = FENCE.matcher(text);
    int at = 0;
    while (fence.find(at)) {
      String marks = fence.group(2);
      String tag = fence.group(3).toLowerCase(Locale.ROOT);
      int start = Math.min(text.length(), fence.end() + 1);
      int end = text.length();
      at = end;
      Matcher close = FENCE.matcher(text);
      for (int from = start; from < text.length() && close.find(from); from = close.end()) {
        if (close.group(3).isEmpty() && close.group(2).startsWith(marks)) {
          end = close.start();
          at = close.end();
          break;
        }
      }
      any = without(fence.group(1), text.substring(start, Math.max(start, end)));
      if (language.isTag(tag)) {
        tagged = any;
      } else if (tag.isEmpty()) {
        plain = any;
      }
      if (at >= text.length()) {
        break;
      }
    }
    return tagged != null ? tagged : plain != null ? plain : any != null ? any : text;
  }

  /** The block without the indentation of its fence, as in a list item. */
  private static String without(String indentation, String block) {
    if (indentation.isEmpty()) {
      return block;
    }
    return Pattern.compile("^[ \\t]{1," + indentation.length() + "}", Pattern.MULTILINE)
        .matcher(block)
        .replaceAll("");
  }
}
