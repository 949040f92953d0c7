package dev.goodhart.verify.judge;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The verdict in a judge's reply: what follows the question's mark at the start of a line. Lines
 * without the mark, quoted from the judged text or made up, say nothing; two different verdicts
 * cancel each other.
 */
final class Verdicts {
  private static final Pattern NUMBER = Pattern.compile("([-+]?\\d{1,9}(?:\\.\\d{1,9})?)");
  private static final Pattern REFUSED =
      Pattern.compile(
          "(?i)^\\W*(?:i['’]?m (?:really |very )?sorry|i am sorry|sorry\\b|i can(?:no|['’])t\\b|i"
              + " am unable|i['’]m unable|i won['’]t\\b|i must decline|as an ai\\b)");

  /**
   * The one verdict of a reply.
   *
   * @throws NoVerdictException if there is none, or more than one
   */
  static String of(Reply reply, String mark) {
    if (!reply.refusal().isEmpty()) {
      throw new NoVerdictException("judge refused: " + excerpt(reply.refusal()));
    }
    if (reply.finish().equals("content_filter")) {
      throw new NoVerdictException("judge refused: the server filtered the reply");
    }
    if (reply.finish().equals("length")) {
      throw new NoVerdictException(
          "judge reply cut off: max-tokens reached after " + reply.completionTokens() + " tokens");
    }
    String text = reply.content();
    int thought = text.lastIndexOf("</think>");
    if (thought >= 0) {
      text = text.substring(thought + "</think>".length());
    }
    Matcher lines =
        Pattern.compile("(?m)^[ \\t>*_`#\"-]*+" + mark + "[ \\t*_`\"]*+[:=](.{0,200})")
            .matcher(text);
    Set<String> found = new LinkedHashSet<>();
    while (lines.find()) {
      found.add(
          lines.group(1).replaceAll("^[\\s*_`\"]+|[\\s*_`\".]+$", "").toLowerCase(Locale.ROOT));
    }
    if (found.isEmpty()) {
      throw new NoVerdictException(
          REFUSED.matcher(text).find()
              ? "judge refused: " + excerpt(text)
              : "judge gave no verdict: "
                  + (text.isBlank() ? "an empty reply" : excerpt(text.strip())));
    }
    if (found.size() > 1) {
      throw new NoVerdictException(
          "judge gave several verdicts: " + excerpt(String.join(", ", found)));
    }
    return found.iterator().next();
  }

  /**
   * A number within bounds.
   *
   * @throws NoVerdictException if it is not one
   */
  static double number(String verdict, double least, double most) {
    // "7/10" is how many judges write seven of ten.
    String alone = verdict.replaceFirst("\\s*/\\s*" + Pattern.quote(plain(most)) + "$", "");
    Matcher number = NUMBER.matcher(alone);
    if (!number.matches()) {
      throw new NoVerdictException("judge gave no verdict: not a number, " + excerpt(verdict));
    }
    double value = Double.parseDouble(number.group(1));
    if (value < least || value > most) {
      throw new NoVerdictException(
          "judge verdict out of range: "
              + excerpt(verdict)
              + ", expected "
              + plain(least)
              + " to "
              + plain(most));
    }
    return value;
  }

  /** A whole number without its ".0". */
  static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** The beginning of a text, on one line. */
  static String excerpt(String text) {
    String line =
        text.substring(0, Math.min(text.length(), 400)).replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() <= 100 ? line : line.substring(0, 99) + "…";
  }

  private Verdicts() {}
}
