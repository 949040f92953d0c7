package dev.goodhart.audit.hack;

/**
 * What an exploit leans on, from the surface of a response to what lies around it. A deeper one
 * mostly shows in shallower signals too, not the other way round.
 */
public enum Level {
  /** Something countable that the reward pays for: length, praise, format. */
  FEATURE,
  /** Responses that the evaluator cannot tell apart though they are worth different things. */
  REPRESENTATION,
  /** The evaluator itself: what it can be told to say, what it has never seen. */
  EVALUATOR,
  /** What the evaluator reads: tests, tools, logs. */
  ENVIRONMENT
}
