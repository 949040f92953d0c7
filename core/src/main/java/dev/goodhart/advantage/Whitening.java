package dev.goodhart.advantage;

import java.util.List;

/**
 * The mean and deviation of the advantages of a batch's unmasked tokens, each token counting once.
 *
 * @param mean of them; 0 where there is none
 * @param deviation with divisor n - 1; 0 where fewer than two differ
 */
record Whitening(double mean, double deviation) {
  static Whitening of(List<TokenAdvantages> credits) {
    long n = 0;
    double mean = 0;
    double squares = 0; // Welford's, since advantages may lie close together far from 0
    for (TokenAdvantages credit : credits) {
      for (int i = 0; i < credit.values().length; i++) {
        for (int t = 0; credit.mask()[i] && t < credit.values()[i].length; t++) {
          double apart = credit.values()[i][t] - mean;
          mean += apart / ++n;
          squares += apart * (credit.values()[i][t] - mean);
        }
      }
    }
    return new Whitening(mean, n < 2 ? 0 : Math.sqrt(squares / (n - 1)));
  }

  /** {@code (A - shift) / (deviation + epsilon)} at every unmasked token, in place. */
  void apply(List<TokenAdvantages> credits, double shift, double epsilon) {
    for (TokenAdvantages credit : credits) {
      for (int i = 0; i < credit.values().length; i++) {
        for (int t = 0; credit.mask()[i] && t < credit.values()[i].length; t++) {
          credit.values()[i][t] = (credit.values()[i][t] - shift) / (deviation + epsilon);
        }
      }
    }
  }
}
