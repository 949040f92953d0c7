package dev.goodhart.signal;

/**
 * A rule that decides by itself, within bounded work on the thread that asks: no model, no other
 * process, no server.
 */
public interface Verifier extends Signal {
  @Override
  default Pace pace() {
    return Pace.INSTANT;
  }
}
