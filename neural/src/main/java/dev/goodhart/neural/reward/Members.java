package dev.goodhart.neural.reward;

/** What the members of an ensemble are, from the cheapest to the dearest. */
enum Members {
  /** Heads on one transformer, trained together: they differ least. */
  HEADS,
  /** Adapters on one transformer. */
  ADAPTERS,
  /** Transformers of their own. */
  MODELS
}
