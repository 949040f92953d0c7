package dev.goodhart.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command explains itself, with examples that can be typed. */
class HelpTest {
  static Stream<CommandLine> commands() {
    return Main.commandLine().getSubcommands().values().stream()
        .flatMap(c -> Stream.concat(Stream.of(c), c.getSubcommands().values().stream()));
  }

  private static List<String> footer(CommandLine command) {
    return Arrays.asList(command.getCommandSpec().usageMessage().footer());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpFitsOnATerminalOfAHundredColumns(CommandLine command) {
    for (String line : footer(command)) {
      assertTrue(line.length() <= 100, line);
    }
    String first = command.getCommandSpec().usageMessage().description()[0];
    assertTrue(first.endsWith("."), first); // what stands in the list of commands
  }

  @ParameterizedTest
  @MethodSource("commands")
  void examplesAreThereAndCanBeTyped(CommandLine command) {
    List<String> examples =
        footer(command).stream().filter(l -> l.startsWith("  goodhart ")).toList();
    assertFalse(examples.isEmpty(), command.getCommandName());
    for (String example : examples) {
      String typed = example.strip().split(" {3,}| \\| ")[0];
      List<String> words = Arrays.asList(typed.split(" +"));
      CommandLine.ParseResult parsed =
          Main.commandLine().parseArgs(words.subList(1, words.size()).toArray(String[]::new));
      while (parsed.hasSubcommand()) {
        parsed = parsed.subcommand();
      }
      assertEquals(List.of(), parsed.unmatched(), typed);
    }
  }

  /** Texts are format strings: a bare per cent sign would be warned about on every --help. */
  @ParameterizedTest
  @MethodSource("commands")
  void textsAreFormatStrings(CommandLine command) {
    var usage = command.getCommandSpec().usageMessage();
    Stream.of(
            Arrays.stream(usage.header()),
            Arrays.stream(usage.description()),
            Arrays.stream(usage.footer()),
            command.getCommandSpec().args().stream().flatMap(a -> Arrays.stream(a.description())))
        .flatMap(texts -> texts)
        .forEach(text -> assertDoesNotThrow(() -> String.format(text), text));
  }
}
