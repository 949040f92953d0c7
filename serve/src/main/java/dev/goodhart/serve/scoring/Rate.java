package dev.goodhart.serve.scoring;

/** How long one sample takes, by an average that forgets. */
final class Rate {
  private static final double NEW = 0.1;

  private volatile double nanos;

  // A lost update is one observation less.
  @SuppressWarnings("NonAtomicOperationOnVolatileField")
  void took(long took, int samples) {
    double each = (double) took / samples;
    nanos = nanos == 0 ? each : nanos + NEW * (each - nanos);
  }

  /** 0 before the first. */
  double perSecond() {
    return nanos == 0 ? 0 : 1e9 / nanos;
  }
}
