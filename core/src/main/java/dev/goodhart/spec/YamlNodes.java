package dev.goodhart.spec;

import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Questions to YAML nodes: what stands where, and how to say so to a reader. */
final class YamlNodes {
  /** A node and the key under which it stands. */
  record Named(Node node, String key) {}

  static Optional<Named> section(Node node, String name, String key) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(t -> t.getKeyNode() instanceof ScalarNode s && s.getValue().equals(name))
            .map(t -> new Named(t.getValueNode(), Names.join(key, name)))
            .findFirst()
        : Optional.empty();
  }

  /** The node at the end of a path, keys that were left out skipped; at least the first one. */
  static Node along(Node node, java.util.List<String> path) {
    Node at = node;
    for (String name : path) {
      if (at instanceof SequenceNode sequence) {
        at = sequence.getValue().get(Integer.parseInt(name));
      } else {
        at = section(at, name, "").map(Named::node).orElse(at);
      }
    }
    return at;
  }

  /** The first key or value below a node that reads exactly so. */
  static Optional<Named> find(Node node, String key, String text) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue().equals(text)
          ? Optional.of(new Named(scalar, key))
          : Optional.empty();
    }
    if (node instanceof SequenceNode sequence) {
      for (int i = 0; i < sequence.getValue().size(); i++) {
        Optional<Named> found = find(sequence.getValue().get(i), key + "[" + i + "]", text);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        String name = ((ScalarNode) entry.getKeyNode()).getValue();
        Optional<Named> found =
            name.equals(text)
                ? Optional.of(new Named(entry.getKeyNode(), key))
                : find(entry.getValueNode(), Names.join(key, name), text);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  static String shown(Node node) {
    return switch (node) {
      case ScalarNode scalar when isNull(scalar) -> "nothing";
      case ScalarNode scalar -> Names.quoted(scalar.getValue());
      case SequenceNode sequence -> "a list of " + sequence.getValue().size();
      case MappingNode mapping when mapping.getValue().size() == 1 -> "a mapping with one key";
      case MappingNode mapping -> "a mapping with " + mapping.getValue().size() + " keys";
      default -> "something else";
    };
  }

  static int line(Node node) {
    return node.getStartMark().map(m -> m.getLine() + 1).orElse(0);
  }

  private YamlNodes() {}
}
