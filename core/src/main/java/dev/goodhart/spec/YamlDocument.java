package dev.goodhart.spec;

import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Text to YAML nodes that keep their lines. Refuses what no spec needs and what can be used to
 * exhaust the reader: aliases and anchors (a few lines of them can expand without bound), tags of
 * other languages, and nesting deeper than {@link #DEEPEST}.
 */
final class YamlDocument {
  static final int DEEPEST = 64;

  /** About half a million lines; a reward spec has fifty. */
  private static final int LONGEST = 16 << 20;

  /** The tags that say what a plain value is anyway. */
  private static final Set<String> TAGS =
      Set.of("!", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq");

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(LONGEST).build();

  /**
   * @param file what to call it in errors
   * @param expected what an empty file should have held
   */
  static Node read(String yaml, String file, String expected) {
    try {
      Parser parser = new Guard(new ParserImpl(SETTINGS, new StreamReader(SETTINGS, yaml)), file);
      Optional<Node> root = new Composer(SETTINGS, parser).getSingleNode();
      return root.orElseThrow(
          () -> new SpecException(file + ": the file is empty; expected " + expected));
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
      throw new SpecException(file + line + ": not YAML: " + oneLine(e.getProblem()));
    } catch (ReaderException e) {
      long line = yaml.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count() + 1;
      throw new SpecException(
          file
              + ":"
              + line
              + ": not YAML: the character U+%04X is not allowed".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      throw new SpecException(file + ": not YAML: " + oneLine(String.valueOf(e.getMessage())));
    }
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  /**
   * Passes the events on and counts how deep they nest, before the recursion that builds the nodes
   * follows them.
   */
  private static final class Guard implements Parser {
    private final Parser events;
    private final String file;
    private int depth;

    Guard(Parser events, String file) {
      this.events = events;
      this.file = file;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
      return events.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
      return events.peekEvent();
    }

    @Override
    public boolean hasNext() {
      return events.hasNext();
    }

    @Override
    public Event next() {
      Event event = events.next();
      switch (event) {
        case AliasEvent alias ->
            throw refused(
                alias, "'*" + alias.getAlias() + "': aliases are not read; repeat the text");
        case CollectionStartEvent start -> {
          checkTag(start, start.getTag());
          if (++depth > DEEPEST) {
            throw refused(start, "nested more than " + DEEPEST + " levels deep");
          }
        }
        case CollectionEndEvent end -> depth--;
        case ScalarEvent scalar -> checkTag(scalar, scalar.getTag());
        default -> {}
      }
      return event;
    }

    private void checkTag(NodeEvent event, Optional<String> tag) {
      if (event.getAnchor().isPresent()) {
        throw refused(
            event, "'&" + event.getAnchor().get() + "': anchors are not read; repeat the text");
      }
      String name = tag.orElse("!").replace("tag:yaml.org,2002:", "!!");
      if (!TAGS.contains(name)) {
        throw refused(event, "'" + name + "': tags are not read; leave it out");
      }
    }

    private SpecException refused(Event at, String says) {
      String line = at.getStartMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
      return new SpecException(file + line + ": " + says);
    }
  }

  private YamlDocument() {}
}
