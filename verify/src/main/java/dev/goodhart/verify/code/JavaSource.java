package dev.goodhart.verify.code;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must be known of a Java program to start it. */
final class JavaSource {
  /** Comments and literals, which may hold anything; then what counts. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\\n"
              + "]*|/\\*(?s:.*?)\\*/|\"\"\"(?s:.*?)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n"
              + "])*\"|'(?:\\\\.|[^'\\\\\\n"
              + "])*'|(?<brace>[{}])|\\b(?:class|record|enum|interface)\\s+(?<type>\\w+)|\\bvoid\\s+(?<main>main)\\s*\\("
              + "|(?m:^)\\s*package\\s+(?<package>[\\w.]+)\\s*;");

  private JavaSource() {}

  /** The binary name of the type that holds the first main method; {@code Main} if none does. */
  static String mainClass(String source) {
    Deque<String> open = new ArrayDeque<>();
    String declared = "";
    String prefix = "";
    Matcher token = TOKEN.matcher(source);
    while (token.find()) {
      if (token.group("package") != null) {
        prefix = token.group("package") + ".";
      } else if (token.group("type") != null) {
        declared = token.group("type");
      } else if (token.group("main") != null) {
        return prefix + binaryName(open);
      } else if ("{".equals(token.group("brace"))) {
        open.push(declared);
        declared = "";
      } else if ("}".equals(token.group("brace")) && !open.isEmpty()) {
        open.pop();
      }
    }
    return prefix + "Main";
  }

  private static String binaryName(Deque<String> open) {
    StringBuilder name = new StringBuilder();
    for (Iterator<String> outermost = open.descendingIterator(); outermost.hasNext(); ) {
      String type = outermost.next();
      if (!type.isEmpty()) {
        name.append(name.isEmpty() ? "" : "$").append(type);
      }
    }
    return name.isEmpty() ? "Main" : name.toString();
  }
}
