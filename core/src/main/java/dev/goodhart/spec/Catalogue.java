package dev.goodhart.spec;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The published systems that Goodhart covers or is going to: what each is called, where it lives,
 * and whether it is there yet. Read from {@code dev/goodhart/methods.yaml}.
 *
 * <p>That file keeps to one {@code key: value} a line, so that it can be read in a few
 * milliseconds: a YAML parser would take longer than all the rest of the start of {@code goodhart
 * methods}. A test holds the two readings against each other.
 *
 * @param entries in the order of their numbers
 */
public record Catalogue(List<Entry> entries) {
  /**
   * One published system.
   *
   * @param id its number, from 1
   * @param name what the command line knows it by, beside its number
   * @param system what its authors call it
   * @param title of the publication
   * @param room where in the house it lives; the package of its class
   * @param world the world in which its claim is shown
   * @param kind {@code method}, {@code analysis}, {@code benchmark} or {@code survey}
   * @param status whether it is there
   * @param type the class that is the method, fully qualified
   * @param experiment the class that shows its claim, fully qualified
   * @param refs where it was published: {@code arXiv:2310.02743}, {@code github:owner/name}, {@code
   *     doi:...}
   */
  public record Entry(
      int id,
      String name,
      String system,
      String title,
      String room,
      String world,
      String kind,
      Status status,
      Optional<String> type,
      Optional<String> experiment,
      List<String> refs) {
    /** The references as addresses that a browser opens. */
    public List<String> links() {
      return refs.stream()
          .map(
              ref ->
                  ref.replaceFirst("^arXiv:", "https://arxiv.org/abs/")
                      .replaceFirst("^github:", "https://github.com/")
                      .replaceFirst("^openreview:", "https://openreview.net/forum?id=")
                      .replaceFirst("^doi:", "https://doi.org/"))
          .toList();
    }

    /**
     * The method's key in a spec, where there is a method: {@code preference-as-reward} for system
     * 31, {@code par}.
     */
    public Optional<String> key() {
      return type.map(
          t -> Names.kebab(t.substring(Math.max(t.lastIndexOf('.'), t.lastIndexOf('$')) + 1)));
    }
  }

  /** Whether a system can be used. */
  public enum Status {
    /** Not there yet. */
    PLANNED,
    /** The method is there and exact checks hold its formula. */
    WORKS
  }

  private static final String RESOURCE = "/dev/goodhart/methods.yaml";

  public Catalogue {
    entries = List.copyOf(entries);
  }

  /** The catalogue that comes with Goodhart. */
  public static Catalogue load() {
    try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      return parse(
          new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The system of a number, a name, or a method's key in a spec.
   *
   * @throws GoodhartException naming the closest known name
   */
  public Entry get(String numberOrName) {
    String wanted = numberOrName.strip().toLowerCase(Locale.ROOT);
    boolean isNumber = wanted.matches("\\d{1,9}");
    return entries.stream()
        .filter(e -> isNumber ? e.id == Integer.parseInt(wanted) : e.name.equals(wanted))
        .findFirst()
        .or(
            () ->
                entries.stream()
                    .filter(e -> e.key().equals(Optional.of(wanted)))
                    .min(Comparator.comparing(e -> !e.kind.equals("method"))))
        .orElseThrow(() -> unknown(numberOrName, isNumber));
  }

  private GoodhartException unknown(String wanted, boolean isNumber) {
    if (isNumber) {
      return new GoodhartException(
          "there is no system " + wanted + "; they are numbered 1 to " + entries.getLast().id);
    }
    List<String> names =
        entries.stream().flatMap(e -> Stream.concat(Stream.of(e.name), e.key().stream())).toList();
    return new GoodhartException(
        "there is no system "
            + Names.quoted(wanted)
            + Names.hint(wanted, names)
            + " ('goodhart methods' lists them)");
  }

  static Catalogue parse(String yaml) {
    List<Map<String, String>> blocks = new ArrayList<>();
    int number = 0;
    for (String line : yaml.split("\n")) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(": ");
      boolean first = line.startsWith("- ");
      if (colon < 0 || !(first || (line.startsWith("  ") && !blocks.isEmpty()))) {
        throw new IllegalStateException(
            "methods.yaml:" + number + ": expected 'key: value', found '" + line + "'");
      }
      if (first) {
        blocks.add(new LinkedHashMap<>());
      }
      if (blocks.getLast().put(line.substring(2, colon), line.substring(colon + 2).strip())
          != null) {
        throw new IllegalStateException(
            "methods.yaml:" + number + ": '" + line.strip() + "' stands twice");
      }
    }
    return new Catalogue(blocks.stream().map(Catalogue::entry).toList());
  }

  private static Entry entry(Map<String, String> block) {
    Entry entry =
        new Entry(
            Integer.parseInt(take(block, "id")),
            take(block, "name"),
            take(block, "system"),
            take(block, "title"),
            take(block, "room"),
            take(block, "world"),
            take(block, "kind"),
            Status.valueOf(take(block, "status").toUpperCase(Locale.ROOT)),
            Optional.ofNullable(block.remove("class")),
            Optional.ofNullable(block.remove("experiment")),
            list(take(block, "refs")));
    if (!block.isEmpty()) {
      throw new IllegalStateException(
          "methods.yaml: system " + entry.id + ": unknown " + block.keySet());
    }
    return entry;
  }

  private static String take(Map<String, String> block, String key) {
    String text = block.remove(key);
    if (text == null) {
      throw new IllegalStateException("methods.yaml: '" + key + "' is missing in " + block);
    }
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted
        ? text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
        : text;
  }

  private static List<String> list(String flow) {
    String inner = flow.substring(1, flow.length() - 1).strip(); // [a, b]
    return inner.isEmpty() ? List.of() : List.of(inner.split(",\\s*"));
  }
}
