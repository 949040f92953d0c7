package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.lab.Evidence;
import dev.goodhart.lab.EvidenceBook;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Reproduction;
import dev.goodhart.lab.experiment.Experiments;
import dev.goodhart.report.Table;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart reproduce}: a published claim, put to the test. */
@Command(
    name = "reproduce",
    description =
        "Puts a published system's claims to the test on a small world whose gold reward is known.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart reproduce 7                 the experiments of system 7, ten seeds",
      "  goodhart reproduce lsc --seeds 20    of a system by name, more seeds",
      "  goodhart reproduce --world bandit    all that are shown in a world; --room likewise",
      "  goodhart reproduce --all --smoke     whether everything runs, in a minute",
      "  goodhart reproduce --all --write     all of them, into docs/evidence.md and .json"
    })
final class Reproduce implements Runnable {
  @Spec CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  Which which;

  static final class Which {
    @Parameters(
        paramLabel = "ID|NAME",
        description = "A system's number or name, or an experiment's name.")
    @Nullable String name;

    @Option(names = "--all", description = "Every experiment there is.")
    boolean all;

    @ArgGroup(exclusive = false)
    @Nullable Some some;
  }

  static final class Some {
    @Option(
        names = "--room",
        paramLabel = "ROOM",
        description = "The experiments of a room's systems: transform, audit, ...")
    @Nullable String room;

    @Option(
        names = "--world",
        paramLabel = "WORLD",
        description = "The experiments in a world: bandit, style, ...")
    @Nullable String world;
  }

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many seeds to base the verdict on (default: the experiment's own number).")
  @Nullable Integer seeds;

  @Option(
      names = "--smoke",
      description = "A small version that takes seconds; its verdicts mean little.")
  boolean smoke;

  @Option(names = "--json", description = "Print the evidence as JSON.")
  boolean json;

  @Option(
      names = "--write",
      paramLabel = "DIR",
      arity = "0..1",
      fallbackValue = "docs",
      description =
          "Enter the evidence into DIR/evidence.md and DIR/evidence.json (default: docs).")
  @Nullable Path write;

  @Override
  public void run() {
    if (smoke && write != null) {
      throw new GoodhartException("--smoke is no evidence; leave out --smoke or --write");
    }
    if (System.getProperty("goodhart.threads") == null) {
      System.setProperty("goodhart.threads", "1"); // seeds run side by side
    }
    List<Experiment> chosen =
        which.name != null
            ? Experiments.named(which.name)
            : which.some != null
                ? Experiments.of(which.some.room, which.some.world)
                : Experiments.ALL;
    List<Experiment> experiments = smoke ? chosen.stream().map(Experiment::smoke).toList() : chosen;
    List<Evidence> evidence = Reproduction.all(experiments, 1, seeds, Main.progress(spec));
    if (json) {
      spec.commandLine().getOut().print(EvidenceBook.json(evidence));
    } else {
      for (Evidence e : evidence) {
        Table table = EvidenceBook.table(e);
        spec.commandLine().getOut().println(table.caption() + "\n" + table.text(100));
      }
    }
    spec.commandLine().getOut().flush();
    if (write != null) {
      EvidenceBook.read(write).with(evidence).write(write);
    }
  }
}
