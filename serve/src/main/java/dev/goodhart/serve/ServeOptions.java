package dev.goodhart.serve;

import dev.goodhart.serve.http.Keys;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.journal.Keeping;
import dev.goodhart.serve.scoring.Load;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server runs; what it serves is the reward spec's matter.
 *
 * @param host the address to listen on: {@code localhost}, or {@code 0.0.0.0} for the network
 * @param port 0 for any free one
 * @param keys who may ask
 * @param journal the folder of the journal; empty for none
 * @param keeping how the journal is kept
 * @param webhook who is told of alarms
 * @param grace how long a server that stops waits for the requests under way
 */
public record ServeOptions(
    String host,
    int port,
    Keys keys,
    Limits limits,
    Load load,
    Optional<Path> journal,
    Keeping keeping,
    Optional<URI> webhook,
    Duration grace) {

  /** As {@code goodhart serve} has it, without keys and journal. */
  public static ServeOptions on(String host, int port) {
    return new ServeOptions(
        host,
        port,
        Keys.NONE,
        Limits.USUAL,
        Load.USUAL,
        Optional.empty(),
        Keeping.USUAL,
        Optional.empty(),
        Duration.ofSeconds(30));
  }

  public ServeOptions with(Keys other) {
    return new ServeOptions(host, port, other, limits, load, journal, keeping, webhook, grace);
  }

  public ServeOptions with(Limits other) {
    return new ServeOptions(host, port, keys, other, load, journal, keeping, webhook, grace);
  }

  public ServeOptions with(Load other) {
    return new ServeOptions(host, port, keys, limits, other, journal, keeping, webhook, grace);
  }

  public ServeOptions withJournal(Path folder) {
    return new ServeOptions(
        host, port, keys, limits, load, Optional.of(folder), keeping, webhook, grace);
  }
}
