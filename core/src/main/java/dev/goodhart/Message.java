package dev.goodhart;

import static java.util.Objects.requireNonNull;

/**
 * One turn of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content the text; empty is allowed (an assistant turn that only calls a tool)
 */
public record Message(String role, String content) {
  public Message {
    requireNonNull(content, "content");
    if (role.isBlank()) {
      throw new IllegalArgumentException("a message's role must not be blank");
    }
  }

  public static Message user(String content) {
    return new Message("user", content);
  }

  public static Message assistant(String content) {
    return new Message("assistant", content);
  }
}
