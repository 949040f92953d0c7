package dev.goodhart.spec;

import java.util.Collection;

/**
 * A section of a record names something that is not there. The reader finds the line on which the
 * name stands.
 */
final class UnknownName extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** The component in which the name stands. */
  final String section;

  /** The name as it was written. */
  final String name;

  /**
   * @param kind what the name should have named: {@code signal}
   * @param known the names that would have been right
   */
  UnknownName(String section, String kind, String name, Collection<String> known) {
    super(
        "there is no "
            + kind
            + " '"
            + name
            + "'"
            + Names.hint(name, known)
            + " (known: "
            + String.join(", ", known)
            + ")");
    this.section = section;
    this.name = name;
  }

  @Override
  public String getMessage() {
    return section + ": " + super.getMessage();
  }

  /** The message without its section, for a reader that knows the whole key. */
  String says() {
    return String.valueOf(super.getMessage());
  }
}
