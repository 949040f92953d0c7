package dev.goodhart.serve.protocol;

import dev.goodhart.Sample;
import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Responses to one prompt, the body's {@code query}, by their rewards. */
record Ranking(List<Double> scores) {
  static Ranking of(Exchange exchange, Fields body, List<String> responses, boolean activate) {
    String prompt = body.text("query");
    List<Sample> samples = new ArrayList<>(responses.size());
    for (int i = 0; i < responses.size(); i++) {
      samples.add(Received.pair(i, prompt, responses.get(i)));
    }
    return new Ranking(Numbers.of(exchange, samples, activate).values());
  }

  double score(int index) {
    return scores.get(index);
  }

  /** The places of the best, best first, equals in their order. */
  List<Integer> best(int most) {
    return IntStream.range(0, scores.size())
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> scores.get(i)).reversed())
        .limit(most)
        .toList();
  }
}
