package dev.goodhart.serve.scoring;

import dev.goodhart.audit.Finding;
import java.util.List;

/**
 * The rewards of one request.
 *
 * @param scorings one a sample, in the order of the request
 * @param alarms what the monitors have to say of the run, newest last
 * @param version of what scored: changes with the spec, its models and the code of its signals
 */
public record Answer(List<Scoring> scorings, List<Finding> alarms, String version) {}
