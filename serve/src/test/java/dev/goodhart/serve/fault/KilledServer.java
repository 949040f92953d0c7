package dev.goodhart.serve.fault;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.serve.Served;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.journal.Journal;
import dev.goodhart.serve.journal.Keeping;
import dev.goodhart.serve.scoring.Load;
import dev.goodhart.signal.Pace;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server with a journal in a process of its own, to be killed: {@code KilledServer FOLDER}. */
final class KilledServer {
  /** Small, so that kills fall on the change from one file to the next as well. */
  static final Keeping KEEPING = new Keeping(200_000, 0, true, false);

  private KilledServer() {}

  /** The number of characters, so that every reward can be checked. */
  record Length(Pace pace) implements Signal {
    @Override
    public Reward of(Sample sample) {
      return Reward.of(sample.response().length());
    }
  }

  public static void main(String[] args) throws IOException {
    Journal journal = new Journal(Path.of(args[0]), KEEPING);
    Served server =
        new Served(
            RewardSpec.of("length", new Length(Pace.valueOf(args[1]))),
            new Limits(1 << 20, 1000, Duration.ofSeconds(10)),
            Load.USUAL,
            journal);
    System.out.println("port " + server.port());
    System.in.read(); // until the parent is gone
    server.close();
    journal.close();
  }

  /** Starts one and waits until it listens. */
  static Process start(Path folder, Pace pace, String... before) throws IOException {
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            KilledServer.class.getName(),
            folder.toString(),
            pace.name()));
    return new ProcessBuilder(command).redirectError(folder.resolve("log").toFile()).start();
  }

  /** The port that a process says it listens on. */
  static int port(Process process) throws IOException {
    for (String line = process.inputReader().readLine();
        line != null;
        line = process.inputReader().readLine()) {
      if (line.startsWith("port ")) return Integer.parseInt(line.substring(5));
    }
    throw new IOException("the server did not start");
  }
}
