package dev.goodhart.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Preference;
import dev.goodhart.Sample;
import dev.goodhart.audit.TraceNoise;
import dev.goodhart.audit.TraceNoise.Type;
import dev.goodhart.lab.arith.Arith;
import dev.goodhart.lab.arith.Layout;
import dev.goodhart.lab.arith.Slip;
import dev.goodhart.lab.phrase.Phrases;
import dev.goodhart.neural.align.World;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.run.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The examples in {@code docs/worlds.md} are what the worlds make. To renew them: {@code mvn -pl
 * lab -am test -Dtest=WorldsPageTest -Dgoodhart.docs=write}.
 */
class WorldsPageTest {
  private static final String END = "<!-- end generated -->";

  @Test
  void thePageShowsSolutions() throws Exception {
    assertShown("arith", arith());
  }

  @Test
  void thePageShowsPhrases() throws Exception {
    assertShown("style", style());
  }

  private static void assertShown(String world, String generated) throws Exception {
    Path page = root().resolve("docs/worlds.md");
    String text = Files.readString(page);
    String mark =
        "<!-- begin generated: " + WorldsPageTest.class.getName() + " " + world + " -->\n";
    int begin = text.indexOf(mark) + mark.length();
    int end = text.indexOf(END, begin);
    if ("write".equals(System.getProperty("goodhart.docs"))) {
      Files.writeString(page, text.substring(0, begin) + generated + text.substring(end));
      return;
    }
    assertEquals(generated, text.substring(begin, end));
  }

  private static String arith() {
    StringBuilder out =
        new StringBuilder("\nDemonstrations of seed 1:\n\n| world | prompt | response | gold |\n");
    out.append("|---|---|---|---|\n");
    rows("the defaults", Arith.DEFAULT, 4, out);
    rows("`slip: stray`", arith(Layout.COLUMNS, 2, 2, "+", 0, 0.4, TraceNoise.NONE), 4, out);
    rows(
        "`digits: 3, operands: 3, skill: 1`",
        arith(Layout.COLUMNS, 3, 3, "+", 0, 1, TraceNoise.NONE),
        2,
        out);
    rows(
        "`layout: running, digits: 1, operands: 5, operators: +-, skill: 1`",
        arith(Layout.RUNNING, 1, 5, "+-", 0, 1, TraceNoise.NONE),
        2,
        out);
    for (Type type : Type.values()) {
      rows(
          "`skill: 1, noise: { type: %s, rate: 0.5 }`"
              .formatted(type.name().toLowerCase(Locale.ROOT)),
          arith(Layout.COLUMNS, 2, 2, "+", 0, 1, new TraceNoise(type, 0.5, 1)),
          3,
          out);
    }
    return out.append('\n').toString();
  }

  private static Arith arith(
      Layout layout,
      int digits,
      int operands,
      String operators,
      int modulus,
      double skill,
      TraceNoise noise) {
    return new Arith(
        layout, digits, operands, operators, modulus, skill, Slip.STRAY, noise, "!", 0, 0.1);
  }

  private static void rows(String which, World world, int count, StringBuilder out) {
    Tasks tasks = world.open(new Seeds(1));
    for (int i = 0; i < count; i++) {
      Sample sample = tasks.demonstration(i).orElseThrow();
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | `%s` | `%s` | %.0f |\n",
              i == 0 ? which : "",
              sample.prompt().text(),
              sample.response(),
              tasks.gold(sample).orElseThrow()));
    }
  }

  private static String style() {
    StringBuilder out =
        new StringBuilder("\nDemonstrations of seed 1:\n\n| prompt | response | gold | is |\n");
    out.append("|---|---|---|---|\n");
    Tasks tasks = Phrases.DEFAULT.open(new Seeds(1));
    for (int i = 0; i < 8; i++) {
      Sample sample = tasks.demonstration(i).orElseThrow();
      String is =
          tasks.attributes(sample).entrySet().stream()
              .filter(a -> a.getValue() != 0 && !a.getKey().equals("relevance"))
              .map(a -> a.getKey() + " " + number(a.getValue()))
              .collect(Collectors.joining(", "));
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.2f | %s |\n",
              sample.prompt().text(),
              sample.response(),
              tasks.gold(sample).orElseThrow(),
              is));
    }
    List<Preference> pairs = Phrases.DEFAULT.pairs(20_000, new Seeds(1));
    double better = 0;
    double longer = 0;
    double flipped = 0;
    for (Preference pair : pairs) {
      better += column(pair, "gold_chosen") > column(pair, "gold_rejected") ? 1 : 0;
      longer += pair.chosen().split(" ").length > pair.rejected().split(" ").length ? 1 : 0;
      flipped += Boolean.TRUE.equals(pair.columns().get("flipped")) ? 1 : 0;
    }
    return out.append(
            String.format(
                Locale.ROOT,
                "\n"
                    + "Of 20,000 pairs of seed 1, the chosen response is the better one by gold in"
                    + " %.1f %% and has more tokens in %.1f %%; %.1f %% of the labels were"
                    + " flipped.\n\n",
                better / 200,
                longer / 200,
                flipped / 200))
        .toString();
  }

  private static double column(Preference pair, String name) {
    Map<String, ?> columns = pair.columns();
    return columns.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
  }

  private static Path root() {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.exists(p.resolve("docs/worlds.md"))) {
        return p;
      }
    }
    throw new IllegalStateException("docs/worlds.md is not above this folder");
  }
}
