package dev.goodhart.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.cli.CommandLines;
import dev.goodhart.neural.align.AlignSpec;
import dev.goodhart.neural.align.offline.PreferenceSpec;
import dev.goodhart.spec.Catalogue;
import dev.goodhart.spec.Catalogue.Status;
import dev.goodhart.spec.HyperParameter;
import dev.goodhart.spec.Methods;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Specs;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The documents say what the code does. */
class DocsTest {
  private static final List<Path> PAGES = pages();
  private static final CommandLine GOODHART = CommandLines.goodhart();

  /** A fenced block: its language, the word after it, its text. */
  private record Fence(Path page, String language, String about, String text) {}

  private static final Pattern FENCE =
      Pattern.compile("^```(\\w+)?(?: (\\S+))?\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

  private static List<Path> pages() {
    try (Stream<Path> docs = Files.walk(Checkout.ROOT.resolve("docs"))) {
      List<Path> pages = new ArrayList<>(docs.filter(p -> p.toString().endsWith(".md")).toList());
      pages.add(Checkout.ROOT.resolve("README.md"));
      pages.add(Checkout.ROOT.resolve("CONTRIBUTING.md"));
      return pages;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Fence> fences() throws IOException {
    List<Fence> fences = new ArrayList<>();
    for (Path page : PAGES) {
      Matcher m = FENCE.matcher(Files.readString(page));
      while (m.find()) {
        fences.add(
            new Fence(
                page,
                Objects.toString(m.group(1), ""),
                Objects.toString(m.group(2), ""),
                m.group(3)));
      }
    }
    return fences;
  }

  @Test
  void everyRewardSpecInTheDocumentsIsOne() throws IOException {
    int found = 0;
    for (Fence fence : fences()) {
      if (fence.language.equals("yaml") && fence.about.equals("reward")) {
        RewardSpec.parse(fence.text, fence.page.toString(), Path.of("."));
        found++;
      }
    }
    assertTrue(found >= 8, found + " specs");
  }

  @Test
  void everyRunInTheDocumentsIsOne() throws IOException {
    int found = 0;
    for (Fence fence : fences()) {
      if (fence.language.equals("yaml") && fence.about.equals("run")) {
        Specs.parse(fence.text, fence.page.toString(), Path.of("."), AlignSpec.class);
        found++;
      }
      if (fence.language.equals("yaml") && fence.about.equals("preferences")) {
        Specs.parse(fence.text, fence.page.toString(), Path.of("."), PreferenceSpec.class);
        found++;
      }
    }
    assertTrue(found >= 2, found + " runs");
  }

  @Test
  void everyMethodShownByRoomIsThereWithItsKeys() throws IOException {
    Map<String, Map<String, Class<? extends Record>>> rooms = rooms();
    for (Fence fence : fences()) {
      Map<String, Class<? extends Record>> methods = rooms.get(fence.about);
      if (!fence.language.equals("yaml") || methods == null) {
        continue;
      }
      Matcher shown = Pattern.compile("([a-z0-9-]+): \\{(.*)}\\s*").matcher(fence.text);
      assertTrue(shown.matches(), fence.toString());
      Class<? extends Record> method = methods.get(shown.group(1));
      assertTrue(method != null, fence.toString());
      Set<String> known =
          HyperParameter.of(method).stream().map(HyperParameter::key).collect(Collectors.toSet());
      Matcher keys = Pattern.compile("([a-z0-9-]+):").matcher(shown.group(2));
      while (keys.find()) {
        assertTrue(known.contains(keys.group(1)), fence.toString());
      }
    }
  }

  /** What a spec can name is described on its room's page. */
  @Test
  void everyMethodStandsOnItsRoomsPage() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (var room : rooms().entrySet()) {
      String page = Files.readString(Checkout.ROOT.resolve("docs/" + room.getKey() + ".md"));
      for (String name : room.getValue().keySet()) {
        if (!page.contains(name)) {
          missing.add(room.getKey() + ": " + name);
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  private static Map<String, Map<String, Class<? extends Record>>> rooms() {
    Map<String, Map<String, Class<? extends Record>>> rooms = new TreeMap<>();
    Methods.loaded()
        .all()
        .forEach(
            (type, methods) ->
                rooms
                    .computeIfAbsent(
                        type.replaceAll("^.*\\.(\\w+)\\.\\w+$", "$1"), room -> new TreeMap<>())
                    .putAll(methods));
    return rooms;
  }

  /** A block whose fence names a file of the checkout stands in that file, word for word. */
  @Test
  void quotedCodeIsTheCode() throws IOException {
    int found = 0;
    for (Fence fence : fences()) {
      Path file = Checkout.ROOT.resolve(fence.about);
      if (fence.about.contains("/src/")) {
        assertTrue(Files.exists(file), fence.about + " in " + fence.page);
        assertTrue(Files.readString(file).contains(fence.text), fence.page + ":\n" + fence.text);
        found++;
      }
    }
    assertTrue(found >= 10, found + " blocks");
  }

  /** {@code goodhart COMMAND --option} in a code span or a shell block is there. */
  @Test
  void everyCommandAndOptionInTheDocumentsExists() throws IOException {
    Set<String> wrong = new TreeSet<>();
    for (Path page : PAGES) {
      String text = Files.readString(page);
      List<String> commands = new ArrayList<>();
      Matcher spans = Pattern.compile("`(?:\\./)?(goodhart [^`]+)`").matcher(text);
      while (spans.find()) {
        commands.add(spans.group(1));
      }
      Matcher shells = Pattern.compile("^(?:\\./)?(goodhart .*)$", Pattern.MULTILINE).matcher(text);
      while (shells.find()) {
        commands.add(shells.group(1));
      }
      for (String command : commands) {
        wrong(command.replaceAll("\\s+#.*", ""))
            .forEach(w -> wrong.add(page.getFileName() + ": " + w));
      }
    }
    assertEquals(Set.of(), wrong);
  }

  private static List<String> wrong(String command) {
    List<String> wrong = new ArrayList<>();
    CommandLine line = GOODHART;
    for (String word : command.split("[\\s|]+")) {
      if (line.getSubcommands().containsKey(word)) {
        line = line.getSubcommands().get(word);
      } else if (word.matches("--?[a-z][a-z-]*")
          && !line.getCommandSpec().optionsMap().containsKey(word)) {
        wrong.add(command + " (no " + word + ")");
      }
    }
    String second = command.split("\\s+")[1];
    if (second.matches("[a-z]+") && !GOODHART.getSubcommands().containsKey(second)) {
      wrong.add(command + " (no such command)");
    }
    return wrong;
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    Set<String> broken = new TreeSet<>();
    for (Path page : PAGES) {
      Matcher links =
          Pattern.compile("]\\(([^)#\\s]+)(?:#([^)\\s]+))?\\)").matcher(Files.readString(page));
      while (links.find()) {
        String target = links.group(1);
        if (target.matches("[a-z]+:.*")) {
          continue;
        }
        Path file = Objects.requireNonNull(page.getParent()).resolve(target);
        if (!Files.exists(file)) {
          broken.add(page.getFileName() + ": " + target);
        } else if (links.group(2) != null && !anchors(file).contains(links.group(2))) {
          broken.add(page.getFileName() + ": " + target + "#" + links.group(2));
        }
      }
    }
    assertEquals(Set.of(), broken);
  }

  private static Set<String> anchors(Path page) throws IOException {
    return Files.readString(page)
        .lines()
        .filter(l -> l.startsWith("#"))
        .map(l -> l.replaceAll("^#+ ", "").toLowerCase(java.util.Locale.ROOT))
        .map(l -> l.replaceAll("[^\\w\\s-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void theReadmeOpensWithTwoCommandsAndSaysHowMuchWorks() throws IOException {
    String readme = Files.readString(Checkout.ROOT.resolve("README.md"));
    Matcher first = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertTrue(first.find());
    List<String> commands = first.group(1).lines().map(l -> l.replaceAll("\\s+#.*", "")).toList();
    assertEquals(List.of("./goodhart quickstart", "mvn verify"), commands);

    long works =
        Catalogue.load().entries().stream().filter(e -> e.status() == Status.WORKS).count();
    assertTrue(readme.contains(works + " of the 203 work today"), works + " work");
  }

  @Test
  void thePictureIsWellFormed() throws Exception {
    var picture =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Checkout.ROOT.resolve("docs/flow.svg").toFile());
    assertEquals("svg", picture.getDocumentElement().getTagName());
  }

  /** The example of a method of one's own: compiled, put on the class path, named by a spec. */
  @Test
  void theExampleOfAUsersOwnMethodWorks(@TempDir Path folder) throws Exception {
    List<String> sources = new ArrayList<>();
    for (Fence fence : fences()) {
      boolean isExample = fence.about.startsWith("example/");
      if (isExample || fence.about.startsWith("META-INF/")) {
        Path file = folder.resolve(fence.about);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, fence.text);
        if (isExample) {
          sources.add(file.toString());
        }
      }
    }
    assertEquals(2, sources.size());
    String classPath = System.getProperty("java.class.path");
    List<String> arguments =
        new ArrayList<>(
            List.of("-parameters", "-proc:none", "-d", folder.toString(), "-cp", classPath));
    arguments.addAll(sources);
    var messages = new ByteArrayOutputStream();
    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, arguments.toArray(String[]::new)),
        messages.toString(StandardCharsets.UTF_8));

    Files.writeString(
        folder.resolve("reward.yaml"),
        "signals: { coverage: { mentioned-keywords: { column: must_mention } } }\n");
    Files.writeString(
        folder.resolve("samples.jsonl"),
        """
        {"id": "a", "prompt": "p", "response": "tea and milk", "must_mention": ["tea", "sugar"]}
        {"id": "b", "prompt": "p", "response": "tea and milk"}
        """);
    assertTrue(
        run(folder, classPath, "methods", "--installed", "--search", "mentioned")
            .contains("mentioned-keywords: { column: keywords }"));
    String scored = run(folder, classPath, "score", "reward.yaml", "samples.jsonl");
    assertTrue(scored.contains("\"reward\":0.5"), scored);
    assertTrue(scored.contains("no keywords: column 'must_mention' holds no list"), scored);
  }

  private static String run(Path folder, String classPath, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                classPath + File.pathSeparator + folder,
                "dev.goodhart.cli.Main"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.replace("\": ", "\":");
  }
}
