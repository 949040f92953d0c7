package dev.goodhart.serve.hostile;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.serve.ServeOptions;
import dev.goodhart.serve.Served;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.signal.Verifier;
import dev.goodhart.spec.RewardSpec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Hostile requests against a server in this process. */
final class Hostile {
  private static final int THREADS = 4;
  private static final int LARGEST = 1 << 20;
  private static final byte[] GOOD =
      "{\"samples\":[{\"id\":\"a\",\"response\":\"2\",\"reference\":\"2\"}]}"
          .getBytes(StandardCharsets.UTF_8);

  /** What may be answered: 501 and 505 to what is no HTTP that we speak. */
  private static final List<Integer> RIGHT =
      List.of(
          200, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 417, 422, 426, 429, 431, 501, 505);

  final Map<Integer, Integer> statuses = new ConcurrentSkipListMap<>();

  /** By kind, with one example each. */
  final Map<String, String> wrong = new ConcurrentHashMap<>();

  private final int port;

  Hostile(int port) {
    this.port = port;
  }

  /** 1 for the reference. */
  record Exact() implements Verifier {
    @Override
    public Reward of(Sample sample) {
      return Reward.of(sample.response().equals(sample.reference()) ? 1 : 0);
    }
  }

  static Served server() {
    Limits limits =
        new Limits(
            LARGEST,
            1000,
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            16 << 20,
            1000,
            Duration.ofSeconds(3));
    return new Served(
        RewardSpec.of("exact", new Exact()), ServeOptions.on("localhost", 0).with(limits));
  }

  /** What a leak would let grow. */
  record State(long heap, int threads, long files) {
    static State now() throws IOException {
      for (int i = 0; i < 3; i++) System.gc();
      try (var open = Files.list(Path.of("/proc/self/fd"))) {
        return new State(
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10,
            ManagementFactory.getThreadMXBean().getThreadCount(),
            open.count());
      }
    }

    @Override
    public String toString() {
      return "heap %,d kB, %d threads, %d open files".formatted(heap, threads, files);
    }
  }

  void send(int requests, long seed) throws Exception {
    AtomicInteger left = new AtomicInteger(requests);
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        SplittableRandom random = new SplittableRandom(seed * THREADS + t);
        all.add(
            threads.submit(
                () -> {
                  new Attacker(random).run(left);
                  return null;
                }));
      }
      for (Future<?> each : all) each.get();
    }
  }

  private record Response(int status, String headers, String body) {}

  private final class Attacker {
    private final SplittableRandom random;
    private final Bodies bodies;
    private final Wire wire;
    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();

    Attacker(SplittableRandom random) {
      this.random = random;
      bodies = new Bodies(random);
      wire = new Wire(random);
    }

    void run(AtomicInteger left) throws IOException {
      for (int n = 0; left.getAndDecrement() > 0; n++) {
        int kind = random.nextInt(1000);
        if (kind < 700) {
          body(Bodies.RIGHT.get(random.nextInt(Bodies.RIGHT.size())));
        } else if (kind < 702) {
          body(Bodies.PROGRAMS.get(random.nextInt(Bodies.PROGRAMS.size())));
        } else if (kind < 960) {
          wire();
        } else if (kind < 999) {
          leaves();
        } else {
          slow();
        }
        if (n % 200 == 199) good();
      }
      good();
      socket.close();
    }

    private void connect() throws IOException {
      socket.close();
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(15_000);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    }

    /** A mutated body, on a connection that is used again. */
    private void body(Map.Entry<String, String> right) throws IOException {
      byte[] body = bodies.mutated(right.getValue());
      byte[] head =
          Wire.head(
              right.getKey() + " HTTP/1.1",
              "Content-Type: application/json\r\nContent-Length: " + body.length);
      if (socket.isClosed() || !socket.isConnected()) connect();
      Response response;
      try {
        response = answer(head, body);
      } catch (IOException e) {
        connect(); // the server had closed it after the request before
        try {
          response = answer(head, body);
        } catch (IOException again) {
          // 413 and closed while we still write: the answer may be lost with the connection.
          if (body.length > LARGEST) return;
          wrong(right.getKey() + " no answer, " + again, body);
          connect();
          return;
        }
      }
      boolean runsPrograms = Bodies.PROGRAMS.contains(right);
      if (!(runsPrograms && (response.status == 503 || response.status == 504))) {
        check(right.getKey(), body, response);
      }
      if (response.status < 300 && !Bodies.isJson(body)) {
        wrong(right.getKey() + " took what is no JSON", body);
      }
      if (response.headers.toLowerCase(Locale.ROOT).contains("connection: close")) socket.close();
    }

    private Response answer(byte[] head, byte[] body) throws IOException {
      socket.getOutputStream().write(head);
      socket.getOutputStream().write(body);
      return read();
    }

    /** No HTTP, or an attacker's. */
    private void wire() throws IOException {
      Wire.Form form = wire.next();
      connect();
      boolean open = random.nextInt(1000) == 0; // costs as long as the server has patience
      int answers = 0;
      try {
        socket.getOutputStream().write(form.bytes());
        if (!open) socket.shutdownOutput();
        while (true) {
          Response response = read();
          answers++;
          check(form.name(), form.bytes(), response);
          if (response.headers.toLowerCase(Locale.ROOT).contains("connection: close")) break;
        }
      } catch (SocketTimeoutException e) {
        wrong(form.name() + " neither answered nor closed", form.bytes());
      } catch (IOException e) {
        // closed, as it may be
      }
      if (answers > form.answers()) wrong(form.name() + ": " + answers + " answers", form.bytes());
      socket.close();
    }

    /** Goes away in the middle of the body, or before the answer. */
    private void leaves() throws IOException {
      byte[] body = bodies.mutated(Bodies.RIGHT.get(0).getValue());
      connect();
      try {
        socket
            .getOutputStream()
            .write(Wire.head("POST /v1/rewards HTTP/1.1", "Content-Length: " + body.length));
        socket.getOutputStream().write(body, 0, random.nextInt(body.length + 1));
        if (random.nextBoolean()) socket.setSoLinger(true, 0); // a reset
      } catch (IOException e) {
        // was refused meanwhile
      }
      socket.close();
    }

    /** A few bytes at a time. */
    private void slow() throws IOException {
      connect();
      try {
        byte[] head = Wire.head("POST /v1/rewards HTTP/1.1", "Content-Length: " + GOOD.length);
        socket.getOutputStream().write(head, 0, 20);
        Thread.sleep(20);
        socket.getOutputStream().write(head, 20, head.length - 20);
        for (int i = 0; i < GOOD.length; i += 10) {
          socket.getOutputStream().write(GOOD, i, Math.min(10, GOOD.length - i));
          Thread.sleep(5);
        }
        check("slow", GOOD, read());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        wrong("slow: " + e, GOOD);
      }
      socket.close();
    }

    /** Right in everything: gets its reward, whatever was before. */
    private void good() throws IOException {
      connect();
      Response response =
          answer(Wire.head("POST /v1/rewards HTTP/1.1", "Content-Length: " + GOOD.length), GOOD);
      if (response.status != 200 || !response.body.contains("\"reward\":1.0")) {
        wrong("a good request: " + response, GOOD);
      }
    }

    private void check(String kind, byte[] sent, Response response) {
      statuses.merge(response.status, 1, Integer::sum);
      if (!RIGHT.contains(response.status)) {
        wrong(kind + ": " + response.status + " " + response.body, sent);
      }
      if (response.body.contains("\tat ") || response.body.contains(".java:")) {
        wrong(kind + ": a stack trace", sent);
      }
    }

    private void wrong(String kind, byte[] sent) {
      if (wrong.size() < 50) {
        wrong.putIfAbsent(
            kind.substring(0, Math.min(300, kind.length())),
            new String(
                Arrays.copyOf(sent, Math.min(sent.length, 400)), StandardCharsets.ISO_8859_1));
      }
    }

    private Response read() throws IOException {
      var head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = in.read();
        if (b < 0) throw new EOFException();
        head.write(b);
        if (head.size() == 12
            && !head.toString(StandardCharsets.ISO_8859_1).startsWith("HTTP/1.")) {
          throw new IOException("no HTTP: " + head);
        }
      }
      String headers = head.toString(StandardCharsets.ISO_8859_1);
      int status = Integer.parseInt(headers.substring(9, 12));
      byte[] body = new byte[0];
      String lower = headers.toLowerCase(Locale.ROOT);
      if (status >= 200 && status != 204 && status != 304) {
        int at = lower.indexOf("content-length: ");
        if (at >= 0) {
          int length = Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)).strip());
          body = in.readNBytes(length);
        } else if (lower.contains("transfer-encoding: chunked")) {
          body = chunks();
        } else {
          body = in.readAllBytes();
        }
      }
      if (status == 100) return read();
      return new Response(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private byte[] chunks() throws IOException {
      var body = new ByteArrayOutputStream();
      while (true) {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
          if (b < 0) throw new EOFException();
          line.write(b);
        }
        int size = Integer.parseInt(line.toString(StandardCharsets.ISO_8859_1).strip(), 16);
        body.write(in.readNBytes(size));
        if (in.readNBytes(2).length < 2) throw new EOFException();
        if (size == 0) return body.toByteArray();
      }
    }
  }
}
