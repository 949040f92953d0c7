package dev.goodhart.verify.math;

/** A computer algebra system, asked last. */
interface Algebra {
  /** Never asked. */
  Algebra NONE = (difference, commonLog, options) -> Outcome.UNKNOWN;

  /** Whether an expression is identically zero. */
  Outcome isZero(Expr difference, boolean commonLog, MathOptions options);
}
