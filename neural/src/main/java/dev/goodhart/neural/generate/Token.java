package dev.goodhart.neural.generate;

/**
 * One token of a response that is being written.
 *
 * @param position in the response, from 0
 * @param id of the token
 * @param logProb of the token under the model itself, in nats
 * @param text what the response grows by; often empty, where the token ends within a character or
 *     what it says may be the beginning of a stop string. All together are the response's text
 */
public record Token(long prompt, int sample, int position, int id, double logProb, String text)
    implements Event {}
