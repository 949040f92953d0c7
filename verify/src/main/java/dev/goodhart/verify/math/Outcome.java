package dev.goodhart.verify.math;

/** What a comparison found. */
enum Outcome {
  EQUAL,
  DIFFERENT,
  /** The bounds on work or time were reached first. */
  UNKNOWN;

  static Outcome of(boolean equal) {
    return equal ? EQUAL : DIFFERENT;
  }

  /** Equal only if both are; different as soon as one is. */
  Outcome and(Outcome other) {
    return this == DIFFERENT || other == DIFFERENT
        ? DIFFERENT
        : this == EQUAL && other == EQUAL ? EQUAL : UNKNOWN;
  }

  /** Equal as soon as one is; different only if both are. */
  Outcome or(Outcome other) {
    return this == EQUAL || other == EQUAL
        ? EQUAL
        : this == DIFFERENT && other == DIFFERENT ? DIFFERENT : UNKNOWN;
  }
}
