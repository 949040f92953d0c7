package dev.goodhart.neural.text.jinja;

import java.util.List;

/** What a template sees of the loop that it is in. */
final class Loop {
  private final List<?> elements;
  private final int depth;
  int index;
  private Object last = new Undefined("nothing yet");

  Loop(List<?> elements, int depth) {
    this.elements = elements;
    this.depth = depth;
  }

  Object attribute(String name) {
    int size = elements.size();
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) size - index;
      case "revindex0" -> size - index - 1L;
      case "first" -> index == 0;
      case "last" -> index == size - 1;
      case "length" -> (long) size;
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" ->
          index == 0 ? new Undefined("previtem") : Values.of(elements.get(index - 1));
      case "nextitem" ->
          index == size - 1 ? new Undefined("nextitem") : Values.of(elements.get(index + 1));
      case "cycle" ->
          (Callable)
              arguments -> {
                if (arguments.size() == 0) throw new JinjaException("loop.cycle() of nothing");
                return arguments.positional().get(index % arguments.size());
              };
      case "changed" -> (Callable) this::changed;
      default -> new Undefined("loop." + name);
    };
  }

  private Object changed(Arguments arguments) {
    Object now = new Tuple(arguments.positional());
    boolean same = Values.equal(now, last, arguments.scope().budget);
    last = now;
    return !same;
  }
}
