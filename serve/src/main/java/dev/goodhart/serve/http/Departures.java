package dev.goodhart.serve.http;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Interrupts the threads whose clients have closed their connections, so that nobody computes for
 * nobody. While a handler computes, nothing reads from its socket, and Java tells only who reads
 * that the other side is gone; Linux tells everybody, in its table of connections. That is read
 * twice a second while somebody waits; elsewhere requests end by their deadlines.
 */
final class Departures implements AutoCloseable {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String ESTABLISHED = "01";
  private static final long PERIOD = 500;

  private record Waiting(Thread thread, int port, InetSocketAddress client, long since) {}

  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Departures() {
    if (TABLES.stream().anyMatch(Files::isReadable)) {
      Thread.ofPlatform().daemon().name("departures").start(this::watch);
    }
  }

  /** Until the result is closed, this thread is interrupted when its client leaves. */
  Stay stay(int port, InetSocketAddress client) {
    Waiting here = new Waiting(Thread.currentThread(), port, client, System.nanoTime());
    waiting.add(here);
    return () -> waiting.remove(here);
  }

  /** A client that is waited for. */
  interface Stay extends AutoCloseable {
    @Override
    void close();
  }

  private void watch() {
    try {
      while (!closed) {
        Thread.sleep(PERIOD);
        long now = System.nanoTime();
        List<Waiting> long_ =
            waiting.stream().filter(w -> now - w.since > PERIOD * 1_000_000).toList();
        if (!long_.isEmpty()) {
          Set<String> there = established();
          for (Waiting each : long_) {
            if (!there.contains(place(each, false)) && !there.contains(place(each, true))) {
              if (waiting.remove(each)) each.thread.interrupt();
            }
          }
        }
      }
    } catch (InterruptedException | IOException e) {
      System.getLogger(Departures.class.getName())
          .log(System.Logger.Level.WARNING, "clients that leave are not noticed any more", e);
    }
  }

  /** Local port and far end of every open connection, as Linux writes them. */
  private static Set<String> established() throws IOException {
    Set<String> open = new HashSet<>();
    for (Path table : TABLES) {
      if (!Files.isReadable(table)) continue;
      try (Stream<String> lines = Files.lines(table)) {
        lines
            .skip(1)
            .map(line -> line.strip().split("\\s+", 5))
            .filter(f -> f.length == 5 && f[3].equals(ESTABLISHED))
            .forEach(f -> open.add(f[1].substring(f[1].indexOf(':')) + " " + f[2]));
      }
    }
    return open;
  }

  /**
   * @param mapped an IPv4 address as the table of IPv6 has it
   */
  private static String place(Waiting of, boolean mapped) {
    InetAddress address = of.client.getAddress();
    byte[] bytes = address.getAddress();
    StringBuilder text = new StringBuilder(String.format(":%04X ", of.port));
    if (mapped && address instanceof Inet4Address) {
      text.append("0000000000000000FFFF0000");
    }
    for (int word = 0; word < bytes.length; word += 4) { // each word with its last byte first
      for (int i = 3; i >= 0; i--) text.append(String.format("%02X", bytes[word + i]));
    }
    return text.append(String.format(":%04X", of.client.getPort())).toString();
  }

  @Override
  public void close() {
    closed = true;
  }
}
