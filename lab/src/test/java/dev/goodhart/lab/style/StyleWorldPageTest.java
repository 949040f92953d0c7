package dev.goodhart.lab.style;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.Preference;
import dev.goodhart.lab.style.StyleWorld.Draws;
import dev.goodhart.lab.style.StyleWorld.Question;
import dev.goodhart.lab.style.StyleWorld.Response;
import dev.goodhart.run.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The examples and figures in {@code docs/style-world.md} are what the world writes. To renew them:
 * {@code mvn -pl lab -am test -Dtest=StyleWorldPageTest -Dgoodhart.docs=write}.
 */
class StyleWorldPageTest {
  private static final String BEGIN =
      "<!-- begin generated: dev.goodhart.lab.style.StyleWorldPageTest -->\n";
  private static final String END = "<!-- end generated -->";

  @Test
  void thePageShowsWhatTheWorldWrites() throws Exception {
    Path page = root().resolve("docs/style-world.md");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    if ("write".equals(System.getProperty("goodhart.docs"))) {
      Files.writeString(page, text.substring(0, begin) + generated() + text.substring(end));
      return;
    }
    assertEquals(generated(), text.substring(begin, end));
  }

  private static String generated() {
    Draws draws = StyleWorld.DEFAULT.open();
    return examples(draws) + lengths(draws) + pairs(draws);
  }

  private static String examples(Draws draws) {
    Question question = draws.question(new Seeds(1), 0);
    List<Response> sorted = new ArrayList<>(draws.responses(question, 200, new Seeds(1), 0));
    sorted.sort(Comparator.comparingDouble(Response::gold));
    Response longest =
        sorted.stream().max(Comparator.comparingInt(r -> r.attributes().words())).orElseThrow();
    StringBuilder out = new StringBuilder("\n## Examples\n\nSeed 1, the first prompt:\n\n");
    out.append("> ").append(question.text()).append("\n\nOf its first 200 responses,\n");
    show("the best", sorted.getLast(), out);
    show("the middling one", sorted.get(100), out);
    show("the worst", sorted.getFirst(), out);
    show("the longest", longest, out);
    return out.toString();
  }

  private static void show(String which, Response response, StringBuilder out) {
    Attributes a = response.attributes();
    out.append(
        String.format(
            Locale.ROOT,
            "\n%s, gold %.2f (asked %d, right %d, wrong %d, asides %d, strays %d, flattery %d,"
                + " hedges %d, repeats %d, %s, %d words):\n\n",
            which,
            response.gold(),
            a.asked(),
            a.right(),
            a.wrong(),
            a.asides(),
            a.strays(),
            a.flattery(),
            a.hedges(),
            a.repeats(),
            a.bullets() ? "list" : "paragraph",
            a.words()));
    response.text().lines().forEach(line -> out.append("> ").append(line).append("  \n"));
  }

  private static String lengths(Draws draws) {
    int[] from = {0, 20, 40, 60, 80, 120, 160, 240, 10_000};
    double[] gold = new double[from.length];
    int[] counts = new int[from.length];
    for (int p = 0; p < 40; p++) {
      Question question = draws.question(new Seeds(1), p);
      for (Response response : draws.responses(question, 1000, new Seeds(1), p)) {
        int bin = 0;
        while (response.attributes().words() >= from[bin + 1]) {
          bin++;
        }
        counts[bin]++;
        gold[bin] += response.gold();
      }
    }
    StringBuilder out =
        new StringBuilder("\n## Length and gold\n\n40,000 responses of seed 1:\n\n");
    out.append("| words | share | mean gold |\n|---|---|---|\n");
    for (int bin = 0; bin < from.length - 1; bin++) {
      String range =
          bin == from.length - 2
              ? from[bin] + " and more"
              : from[bin] + " to " + (from[bin + 1] - 1);
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f %% | %.2f |\n",
              range,
              counts[bin] / 400.0,
              gold[bin] / counts[bin]));
    }
    return out.toString();
  }

  private static String pairs(Draws draws) {
    int better = 0;
    int longer = 0;
    int flipped = 0;
    int count = 20_000;
    for (Preference pair : draws.pairs(count, new Seeds(1))) {
      better += number(pair, "gold_chosen") > number(pair, "gold_rejected") ? 1 : 0;
      longer += Writer.words(pair.chosen()) > Writer.words(pair.rejected()) ? 1 : 0;
      flipped += Boolean.TRUE.equals(pair.columns().get("flipped")) ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "\n"
            + "## Pairs\n\n"
            + "Of 20,000 pairs of seed 1, the chosen response is the better one by gold in %.1f %%"
            + " and the longer one in %.1f %%; %.1f %% of the labels were flipped.\n\n",
        100.0 * better / count,
        100.0 * longer / count,
        100.0 * flipped / count);
  }

  private static double number(Preference pair, String column) {
    return (Double) Objects.requireNonNull(pair.columns().get(column));
  }

  private static Path root() {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.exists(p.resolve("docs/style-world.md"))) {
        return p;
      }
    }
    throw new IllegalStateException("docs/style-world.md is not above this folder");
  }
}
