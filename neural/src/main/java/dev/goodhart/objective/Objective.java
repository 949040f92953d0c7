package dev.goodhart.objective;

/**
 * A loss that updates a model: what its last layer says and what the data says go in, one number
 * comes out that autograd can follow back. The interface of the room; what goes in differs with the
 * kind of data, so {@link PairObjective} learns from comparisons and {@link PointObjective} from
 * labels of single responses, steps or tokens.
 */
public interface Objective {}
