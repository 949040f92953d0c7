package dev.goodhart.data;

import org.jspecify.annotations.Nullable;

/** A row's column does not hold what its layout needs; becomes a {@link BadRow}. */
final class BadField extends RuntimeException {
  private static final long serialVersionUID = 1;

  final @Nullable String field;

  BadField(@Nullable String field, String reason) {
    super(reason, null, false, false);
    this.field = field;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
