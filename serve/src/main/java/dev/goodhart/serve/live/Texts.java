package dev.goodhart.serve.live;

import dev.goodhart.Message;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much texts weigh, and how they are shortened. */
final class Texts {
  /** What an object weighs beside its text. */
  private static final long OBJECT = 24;

  private Texts() {}

  /** A sample's memory in characters, roughly. */
  static long weight(Sample sample) {
    long weight = 4 * OBJECT + sample.id().length() + sample.response().length();
    for (Message message : sample.prompt().messages()) {
      weight += OBJECT + message.content().length();
    }
    if (sample.reference() != null) weight += sample.reference().length();
    for (var column : sample.columns().entrySet()) {
      weight += OBJECT + column.getKey().length() + weight(column.getValue());
    }
    return weight;
  }

  /** What it is shown with beside the sample: reasons can be as long as what they complain of. */
  static long weight(Reward reward) {
    long weight = OBJECT + (reward instanceof Unscored unscored ? unscored.reason().length() : 0);
    for (Reward part : reward.parts().values()) weight += weight(part);
    return weight;
  }

  /** The same verdict with its reasons cut. */
  static Reward cut(Reward reward, int longest) {
    if (weight(reward) <= longest) return reward;
    Map<String, Reward> parts = new LinkedHashMap<>();
    reward.parts().forEach((name, part) -> parts.put(name, cut(part, longest)));
    return switch (reward) {
      case Scored scored -> scored.withParts(parts);
      case Unscored unscored -> new Unscored(cut(unscored.reason(), longest), parts);
    };
  }

  private static long weight(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case String text -> OBJECT + text.length();
      case List<?> list -> {
        long weight = OBJECT;
        for (Object each : list) weight += 4 + weight(each);
        yield weight;
      }
      case Map<?, ?> map -> {
        long weight = OBJECT;
        for (var each : map.entrySet()) {
          weight += OBJECT + String.valueOf(each.getKey()).length() + weight(each.getValue());
        }
        yield weight;
      }
      default -> OBJECT;
    };
  }

  /** Beginning and end of a text that is longer than that, never half of a character. */
  static String cut(String text, int longest) {
    if (text.length() <= longest) return text;
    int head = longest / 2;
    int tail = text.length() - (longest - head - 3);
    if (Character.isHighSurrogate(text.charAt(head - 1))) head--;
    if (Character.isLowSurrogate(text.charAt(tail))) tail++;
    return text.substring(0, head) + " … " + text.substring(tail);
  }
}
