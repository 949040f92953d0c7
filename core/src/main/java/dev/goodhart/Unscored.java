package dev.goodhart;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * No reward could be given.
 *
 * @param reason what happened, in words that a user can act on; it is counted by its text up to the
 *     first colon, so put the kind before the details: {@code timeout: 5 s in case 3}
 * @param parts the components that were scored all the same
 */
public record Unscored(String reason, Map<String, Reward> parts) implements Reward {
  public Unscored {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("an unscored sample needs a reason");
    }
    parts = parts.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  public Unscored(String reason) {
    this(reason, Map.of());
  }

  /** The reason's kind, for counting: its text up to the first colon. */
  public String kind() {
    int colon = reason.indexOf(':');
    return colon < 0 ? reason : reason.substring(0, colon);
  }

  @Override
  public Unscored withParts(Map<String, Reward> other) {
    return new Unscored(reason, other);
  }
}
