import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether a server's memory stays flat, and how it bears idle connections. See bench/README.md.
 *
 * <pre>{@code
 * java bench/serve/Endurance.java samples PORT PID 10000000    every answer is checked
 * java bench/serve/Endurance.java idle PORT PID 10000
 * }</pre>
 */
public final class Endurance {
  private static final int CLIENTS = 4;
  private static final int BATCH = 256;

  private final int port;
  private final String pid;

  private Endurance(int port, String pid) {
    this.port = port;
    this.pid = pid;
  }

  public static void main(String[] args) throws Exception {
    Endurance run = new Endurance(Integer.parseInt(args[1]), args[2]);
    long count = Long.parseLong(args[3]);
    switch (args[0]) {
      case "samples" -> run.samples(count);
      case "idle" -> run.idle((int) count);
      default -> throw new IllegalArgumentException("samples or idle");
    }
  }

  /** A tenth to warm up; then memory after each further tenth. */
  private void samples(long count) throws Exception {
    AtomicLong next = new AtomicLong();
    for (int tenth = 1; tenth <= 10; tenth++) {
      long end = count * tenth / 10;
      long start = System.nanoTime();
      long before = Math.min(next.get(), end);
      try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
        List<Future<?>> all = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
          all.add(
              threads.submit(
                  () -> {
                    ask(next, end);
                    return null;
                  }));
        }
        for (Future<?> each : all) each.get();
      }
      next.set(end);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%,d samples, %,.0f a second; %s%n", end, (end - before) / seconds, memory());
    }
  }

  /** Every sample is another one; every second response is right. */
  private void ask(AtomicLong next, long end) throws IOException {
    try (Socket socket = connect()) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      for (long from = next.getAndAdd(BATCH); from < end; from = next.getAndAdd(BATCH)) {
        StringBuilder body = new StringBuilder("{\"query\":[");
        StringBuilder labels = new StringBuilder();
        long to = Math.min(end, from + BATCH);
        for (long i = from; i < to; i++) {
          if (i > from) body.append(',');
          body.append("\"answer ").append(i).append('"');
          labels.append(i > from ? "," : "").append("\"answer ").append(i + i % 2).append('"');
        }
        body.append("],\"labels\":[").append(labels).append("]}");
        String answer = post(socket, in, body.toString());
        StringBuilder right = new StringBuilder("\"rewards\":[");
        for (long i = from; i < to; i++) right.append(i > from ? "," : "").append(i % 2 == 0 ? "1.0" : "0.0");
        if (!answer.contains(right.append(']'))) {
          throw new IllegalStateException("wrong rewards: " + answer.substring(0, 300));
        }
      }
    }
  }

  private void idle(int count) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    System.out.println("before: " + memory());
    for (int i = 0; i < count; i++) {
      Socket socket = connect();
      post(socket, socket.getInputStream(), "{\"query\":[\"a\"],\"labels\":[\"a\"]}");
      sockets.add(socket);
    }
    System.out.printf("%,d connections, each after one request: %s%n", count, memory());
    Thread.sleep(30_000);
    long start = System.nanoTime();
    long slowest = 0;
    for (Socket socket : sockets) {
      long begin = System.nanoTime();
      post(socket, socket.getInputStream(), "{\"query\":[\"a\"],\"labels\":[\"a\"]}");
      slowest = Math.max(slowest, System.nanoTime() - begin);
    }
    System.out.printf(
        "after 30 s each is answered again, in %.0f µs on average, %.1f ms at most: %s%n",
        (System.nanoTime() - start) / 1e3 / count, slowest / 1e6, memory());
    for (Socket socket : sockets) socket.close();
    Thread.sleep(5000);
    System.out.println("closed: " + memory());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("localhost", port));
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static String post(Socket socket, InputStream in, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("POST /get_reward HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                + bytes.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + bytes.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    socket.getOutputStream().write(all);
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) throw new IOException("closed");
      answer.append((char) b);
    }
    String lower = answer.toString().toLowerCase(java.util.Locale.ROOT);
    if (!lower.startsWith("http/1.1 200")) throw new IOException(answer.toString());
    int at = lower.indexOf("content-length: ") + 16;
    int length = Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)));
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** The heap after a collection, the process, its threads and open files. */
  private String memory() throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    new ProcessBuilder(jcmd.toString(), pid, "GC.run").start().waitFor();
    Process info = new ProcessBuilder(jcmd.toString(), pid, "GC.heap_info").start();
    String heap =
        info.inputReader().lines()
            .filter(line -> line.contains("used "))
            .findFirst()
            .map(line -> line.replaceAll(".*used (\\d+)K.*", "$1"))
            .orElse("0");
    String status = Files.readString(Path.of("/proc", pid, "status"));
    try (var files = Files.list(Path.of("/proc", pid, "fd"))) {
      return "heap %,d MiB, resident %,d MiB, %s threads, %d open files"
          .formatted(
              Long.parseLong(heap) >> 10,
              Long.parseLong(field(status, "VmRSS").replaceAll("\\D", "")) >> 10,
              field(status, "Threads"),
              files.count());
    }
  }

  private static String field(String status, String name) {
    return status.lines().filter(line -> line.startsWith(name + ":")).findFirst().orElse("").substring(name.length() + 1).strip();
  }
}
