package dev.goodhart.verify.code;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bubblewrap sandbox with a warm fork server in it ({@code server.py}), for one check at a time.
 *
 * <p>Each step runs in a process of its own, forked from the server, in a process and a mount
 * namespace of its own inside the sandbox: an empty folder in memory, no capabilities, a
 * system-call filter, limits. When it ends, the kernel kills all that it started and its folder is
 * gone, so nothing of it meets the next.
 */
final class Sandbox implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * The kernel kills a sandbox when the thread that started it ends, so one thread that does not
   * end starts them all.
   */
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(daemon("sandbox-starter"));

  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(daemon("sandbox-clock"));

  private final Process process;
  private final OutputStream requests;
  private final DataInputStream answers;
  private boolean built;

  private Sandbox(Process process) {
    this.process = process;
    this.requests = process.getOutputStream();
    this.answers = new DataInputStream(process.getInputStream());
  }

  /**
   * @throws SandboxException if it does not start, with bubblewrap's own words
   */
  static Sandbox start(Launch launch) {
    Process process = start(launch.command());
    Sandbox sandbox = new Sandbox(process);
    ScheduledFuture<?> timeout = CLOCK.schedule(() -> end(process), 30, TimeUnit.SECONDS);
    try {
      sandbox.write(List.of(ByteBuffer.wrap(runner(launch.sandboxed()))));
      if (sandbox.answers.readUnsignedByte() != 0) {
        throw new IOException("unexpected answer");
      }
      sandbox.answers.skipNBytes(sandbox.size());
      return sandbox;
    } catch (IOException e) {
      throw new SandboxException("sandbox: it does not start: " + told(process, e), e);
    } finally {
      timeout.cancel(false);
    }
  }

  private static Process start(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(Launch.ENVIRONMENT);
    Future<Process> started = STARTER.submit(builder::start);
    try {
      return started.get();
    } catch (ExecutionException e) {
      throw new SandboxException("sandbox: it does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("sandbox: interrupted", e);
    }
  }

  private static byte[] runner(boolean sandboxed) {
    Map<String, Object> sources = new LinkedHashMap<>();
    for (String name :
        List.of("boot", "filter", "child", "server", "wire", "candidate", "peer", "tester")) {
      sources.put(name, Resources.text(name + ".py"));
    }
    sources.put("sandboxed", sandboxed);
    byte[] json = JSON.writeValueAsBytes(sources);
    return ByteBuffer.allocate(4 + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(json.length)
        .put(json)
        .array();
  }

  /** Runs one process to its end. */
  Outcome run(Step step) {
    return run(List.of(step)).getFirst();
  }

  /**
   * Runs a process to its end, or a candidate and its tester that talk to each other.
   *
   * @return the outcomes in the order of the steps
   * @throws SandboxException if the sandbox broke, or the thread was interrupted, which ends what
   *     runs; it cannot be used again
   */
  List<Outcome> run(List<Step> steps) {
    built |= steps.stream().anyMatch(step -> step.build().equals("write"));
    double patience = steps.stream().mapToDouble(Step::patience).max().orElseThrow();
    long end = System.nanoTime() + (long) (patience * 1e9);
    Thread asking = Thread.currentThread();
    // Who reads from a process cannot be interrupted; ending the process ends the reading.
    ScheduledFuture<?> timeout =
        CLOCK.scheduleWithFixedDelay(
            () -> {
              if (asking.isInterrupted() || System.nanoTime() > end) end(process);
            },
            LOOK_MILLIS,
            LOOK_MILLIS,
            TimeUnit.MILLISECONDS);
    try {
      List<ByteBuffer> request = new ArrayList<>();
      for (Step step : steps) {
        request.add(header(step.header()));
        request.add(little(step.data().size()));
        for (byte[] blob : step.data()) {
          request.add(little(blob.length));
          request.add(ByteBuffer.wrap(blob));
        }
      }
      write(request);
      return read(steps);
    } catch (IOException e) {
      throw new SandboxException("sandbox: it broke: " + told(process, e), e);
    } finally {
      timeout.cancel(false);
    }
  }

  /** Takes away what was compiled, so that the next check can begin. */
  void forget() {
    if (!built) {
      return;
    }
    built = false;
    try {
      write(List.of(header(Map.of("kind", "end"))));
      while (answers.readUnsignedByte() != 255) {
        answers.skipNBytes(size());
      }
      answers.skipNBytes(size());
    } catch (IOException e) {
      throw new SandboxException("sandbox: it broke: " + told(process, e), e);
    }
  }

  private List<Outcome> read(List<Step> steps) throws IOException {
    ByteArrayOutputStream[] streams = new ByteArrayOutputStream[5];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = new ByteArrayOutputStream();
    }
    Map<String, JsonNode> ends = new LinkedHashMap<>();
    while (true) {
      int stream = answers.readUnsignedByte();
      byte[] data = answers.readNBytes(size());
      if (stream == 255) {
        break;
      }
      if (stream == 0) {
        JsonNode end = JSON.readTree(data);
        ends.put(end.get("kind").asString(), end);
      } else {
        streams[stream].write(data);
      }
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Step step : steps) {
      JsonNode end = ends.get(step.kind());
      if (end == null) {
        throw new IOException("no end of " + step.kind());
      }
      boolean tester = step.kind().equals("tester");
      outcomes.add(
          new Outcome(
              step.kind(),
              end.get("exit").asInt(-1),
              end.get("signal").asInt(0),
              end.get("reason").asString(""),
              end.get("cpu").asDouble(),
              end.get("wall").asDouble(),
              end.get("memory").asLong(),
              tester ? "" : streams[1].toString(StandardCharsets.UTF_8),
              tester ? "" : streams[2].toString(StandardCharsets.UTF_8),
              ByteBuffer.wrap(streams[tester ? 4 : 3].toByteArray())));
    }
    return outcomes;
  }

  private int size() throws IOException {
    int size = Integer.reverseBytes(answers.readInt());
    if (size < 0 || size > 1 << 20) {
      throw new IOException("a part of " + size + " bytes");
    }
    return size;
  }

  private static ByteBuffer header(Map<String, Object> header) {
    byte[] json = JSON.writeValueAsBytes(header);
    return ByteBuffer.allocate(4 + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(json.length)
        .put(json)
        .flip();
  }

  private static ByteBuffer little(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).flip();
  }

  private void write(List<ByteBuffer> parts) throws IOException {
    for (ByteBuffer part : parts) {
      requests.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
    }
    requests.flush();
  }

  /** What the sandbox said before it ended, in a line. */
  private static String told(Process process, IOException e) {
    String text = "";
    try {
      // Before it is destroyed, which closes its streams.
      if (process.waitFor(2, TimeUnit.SECONDS)) {
        text =
            new String(process.getErrorStream().readNBytes(4096), StandardCharsets.UTF_8).strip();
      }
    } catch (IOException unread) {
      e.addSuppressed(unread);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      end(process);
    }
    return text.isEmpty()
        ? String.valueOf(e.getMessage())
        : text.substring(text.lastIndexOf('\n') + 1);
  }

  private static void end(Process process) {
    process.destroyForcibly();
  }

  private static java.util.concurrent.ThreadFactory daemon(String name) {
    return Thread.ofPlatform().daemon().name(name).factory();
  }

  @Override
  public void close() {
    end(process);
  }
}
