package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.report.Table;
import dev.goodhart.report.Table.Column;
import dev.goodhart.spec.Catalogue;
import dev.goodhart.spec.Catalogue.Entry;
import dev.goodhart.spec.Catalogue.Status;
import dev.goodhart.spec.HyperParameter;
import dev.goodhart.spec.Methods;
import dev.goodhart.spec.Names;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code goodhart methods}: the published systems, and what a spec can name. */
@Command(
    name = "methods",
    description =
        "Lists the published systems that Goodhart covers, shows one of them, or lists what a"
            + " reward spec can name.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart methods --status works              what is there today",
      "  goodhart methods --room combine --search hack",
      "  goodhart methods par                         one system: references, YAML, defaults",
      "  goodhart methods --installed                 every method a spec can name, with its keys"
    })
final class ListMethods implements Runnable {
  private static final int WIDTH = 100;

  @Spec CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID|NAME",
      description = "Show this system: its number, its name, or its method's key in a spec.")
  @Nullable String system;

  @Option(
      names = "--room",
      paramLabel = "R",
      description =
          "Only of this room: signal, transform, combine, advantage, objective, explore, steer,"
              + " curate, audit.")
  @Nullable String room;

  @Option(names = "--world", paramLabel = "W", description = "Only with this world.")
  @Nullable String world;

  @Option(names = "--status", paramLabel = "S", description = "Only these: works or planned.")
  @Nullable Status status;

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only where a name or title holds this text, in any case.")
  @Nullable String search;

  @Option(
      names = "--installed",
      description = "List every method that a spec can name here, with keys, types and defaults.")
  boolean installed;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (installed) {
      listInstalled(out);
    } else if (system != null) {
      show(Catalogue.load().get(system), out);
    } else {
      list(out);
    }
    out.flush();
  }

  // --- the catalogue

  private void list(PrintWriter out) {
    List<Entry> all = Catalogue.load().entries();
    check("room", room, all.stream().map(Entry::room).collect(Collectors.toSet()));
    check("world", world, all.stream().map(Entry::world).collect(Collectors.toSet()));
    List<Entry> entries =
        all.stream()
            .filter(e -> room == null || e.room().equals(room))
            .filter(e -> world == null || e.world().equals(world))
            .filter(e -> status == null || e.status() == status)
            .filter(e -> isFound(e.name(), e.system(), e.title(), e.key().orElse("")))
            .toList();
    if (json) {
      out.println(asJson(entries.stream().map(ListMethods::fields).toList()));
      return;
    }
    List<Column> columns =
        List.of(
            new Column("id", true),
            new Column("name", false),
            new Column("system", false),
            new Column("room", false),
            new Column("world", false),
            new Column("status", false));
    List<List<String>> rows =
        entries.stream()
            .map(
                e ->
                    List.of(
                        String.valueOf(e.id()),
                        e.name(),
                        e.system(),
                        e.room(),
                        e.world(),
                        word(e.status())))
            .toList();
    if (!rows.isEmpty()) {
      out.print(new Table("systems", columns, rows).text(WIDTH));
      out.println();
    }
    long works = entries.stream().filter(e -> e.status() == Status.WORKS).count();
    out.printf("%d systems: %d work, %d planned%n", entries.size(), works, entries.size() - works);
  }

  private void show(Entry entry, PrintWriter out) {
    if (json) {
      out.println(asJson(fields(entry)));
      return;
    }
    out.printf("%d  %s  %s%n%s%n%n", entry.id(), entry.name(), entry.system(), entry.title());
    line(out, "room", entry.room());
    line(out, "world", entry.world());
    line(out, "kind", entry.kind());
    line(out, "status", word(entry.status()));
    entry.type().ifPresent(type -> line(out, "class", type));
    entry
        .experiment()
        .ifPresent(
            experiment ->
                line(out, "experiment", experiment + " (goodhart reproduce " + entry.id() + ")"));
    String label = "published";
    for (String link : entry.links()) {
      line(out, label, link);
      label = "";
    }
    method(entry)
        .ifPresent(
            method -> {
              out.printf("%nIn a spec:%n  %s%n", example(method));
              printParameters(method, out);
            });
  }

  /** The class of a system, where it is a method that a spec can name. */
  private static Optional<Class<? extends Record>> method(Entry entry) {
    return entry.type().stream()
        .flatMap(
            type ->
                Methods.loaded().all().values().stream()
                    .flatMap(methods -> methods.values().stream())
                    .filter(method -> method.getName().equals(type)))
        .findFirst();
  }

  // --- what a spec can name

  private void listInstalled(PrintWriter out) {
    SortedMap<String, SortedMap<String, Class<? extends Record>>> rooms = new TreeMap<>();
    // A room may have several interfaces, a method one of them or more.
    Methods.loaded()
        .all()
        .forEach(
            (type, methods) ->
                rooms.computeIfAbsent(roomOf(type), room -> new TreeMap<>()).putAll(methods));
    check("room", room, rooms.keySet());
    Map<String, Object> asJson = new LinkedHashMap<>();
    rooms.forEach(
        (name, methods) -> {
          if (room != null && !name.equals(room)) {
            return;
          }
          Map<String, Object> found = new LinkedHashMap<>();
          methods.forEach(
              (key, method) -> {
                if (isFound(key)) {
                  found.put(key, HyperParameter.of(method));
                }
              });
          if (found.isEmpty()) {
            return;
          }
          asJson.put(name, found);
          if (!json) {
            out.println(name);
            found.keySet().forEach(key -> print(methods.get(key), out));
            out.println();
          }
        });
    if (json) {
      out.println(asJson(asJson));
    }
  }

  private static void print(@Nullable Class<? extends Record> method, PrintWriter out) {
    if (method == null) {
      return;
    }
    Method mark = method.getAnnotation(Method.class);
    String system = mark != null && mark.id() > 0 ? "   # system " + mark.id() : "";
    out.println("  " + example(method) + system);
    printParameters(method, out);
  }

  /** How the method is written with all its keys: defaults as they are, the others by type. */
  private static String example(Class<? extends Record> method) {
    List<HyperParameter> parameters = HyperParameter.of(method);
    String keys =
        parameters.stream()
            .filter(p -> p.required() || !p.fallback().isEmpty())
            .map(p -> p.key() + ": " + (p.required() ? "<" + p.type() + ">" : p.fallback()))
            .collect(Collectors.joining(", "));
    return Methods.name(method) + (keys.isEmpty() ? "" : ": { " + keys + " }");
  }

  private static void printParameters(Class<? extends Record> method, PrintWriter out) {
    List<HyperParameter> parameters = HyperParameter.of(method);
    int key = parameters.stream().mapToInt(p -> p.key().length()).max().orElse(0);
    int type = parameters.stream().mapToInt(p -> p.type().length()).max().orElse(0);
    for (HyperParameter p : parameters) {
      String fallback = p.fallback().isEmpty() ? "may be left out" : "default " + p.fallback();
      out.println(
          ("      %-" + key + "s  %-" + type + "s  %s")
              .formatted(p.key(), p.type(), p.required() ? "required" : fallback));
    }
  }

  /** The room of an interface: the package in which it lives. */
  private static String roomOf(String type) {
    String[] names = type.split("\\.");
    return names[names.length - 2];
  }

  // --- small things

  private boolean isFound(String... texts) {
    if (search == null) {
      return true;
    }
    String wanted = search.toLowerCase(Locale.ROOT);
    for (String text : texts) {
      if (text.toLowerCase(Locale.ROOT).contains(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static void check(String what, @Nullable String given, Collection<String> known) {
    if (given != null && !known.contains(given)) {
      throw new GoodhartException(
          "there is no %s '%s'%s (known: %s)"
              .formatted(
                  what, given, Names.hint(given, known), String.join(", ", new TreeSet<>(known))));
    }
  }

  private static void line(PrintWriter out, String label, String text) {
    out.printf("%-12s%s%n", label, text);
  }

  private static String word(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> fields(Entry entry) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", entry.id());
    fields.put("name", entry.name());
    fields.put("system", entry.system());
    fields.put("title", entry.title());
    fields.put("room", entry.room());
    fields.put("world", entry.world());
    fields.put("kind", entry.kind());
    fields.put("status", word(entry.status()));
    entry.type().ifPresent(type -> fields.put("class", type));
    entry.experiment().ifPresent(experiment -> fields.put("experiment", experiment));
    fields.put("refs", new ArrayList<>(entry.refs()));
    return fields;
  }

  private static String asJson(Object value) {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(value);
  }
}
