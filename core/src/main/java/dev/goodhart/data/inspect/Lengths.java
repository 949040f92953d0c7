package dev.goodhart.data.inspect;

import dev.goodhart.Sample;
import dev.goodhart.data.Example;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long the texts are, in characters (Unicode code points; a token is about four of them in
 * English).
 */
final class Lengths implements Look {
  private final Map<String, Histogram> byPart = new LinkedHashMap<>();

  @Override
  public void see(Item item) {
    add("prompt", item.prompt().text());
    switch (item.example()) {
      case Example.Pair(var p, var listed) -> {
        add("chosen", p.chosen());
        add("rejected", p.rejected());
      }
      case Example.Ranked ranked -> {
        add("best response", ranked.samples().getFirst().response());
        for (Sample other : ranked.samples().subList(1, ranked.samples().size())) {
          add("other responses", other.response());
        }
      }
      case Example.Labelled(var sample, var label) ->
          add(label >= 0.5 ? "good response" : "bad response", sample.response());
      case Example.Rated rated -> add("response", rated.sample().response());
      case Example.Plain plain -> add("response", plain.sample().response());
      case Example.Task task -> {
        if (task.reference() != null) {
          add("reference", task.reference());
        }
      }
    }
  }

  private void add(String part, String text) {
    byPart.computeIfAbsent(part, p -> new Histogram()).add(text.codePointCount(0, text.length()));
  }

  Map<String, Histogram> byPart() {
    return byPart;
  }

  /** Lengths are a table of their own. */
  @Override
  public List<Observation> observations() {
    return List.of();
  }
}
