package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.serve.RewardServer;
import dev.goodhart.serve.ServeOptions;
import dev.goodhart.serve.http.Keys;
import dev.goodhart.serve.http.Limits;
import dev.goodhart.serve.journal.Keeping;
import dev.goodhart.serve.journal.Replay;
import dev.goodhart.serve.scoring.Load;
import dev.goodhart.spec.RewardSpec;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart serve}: rewards over HTTP. */
@Command(
    name = "serve",
    description = {
      "Serves a reward spec or a model's folder to any trainer, in every protocol at once on one"
          + " port: Goodhart's own (POST /v1/rewards), OpenRLHF, verl, slime, LLaMA-Factory, vLLM,"
          + " SGLang, TEI, NeMo Gym, eval-protocol, open-instruct, SandboxFusion.",
      "The dashboard is at /, metrics for Prometheus at /metrics, the protocol's description at"
          + " /openapi.yaml.",
      "Every scored sample goes to the journal before its client gets the reward."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart serve reward.yaml",
      "  goodhart serve reward.yaml --keys keys.txt --new-key trainer-1    makes a key and ends",
      "  goodhart serve reward.yaml --host 0.0.0.0 --port 8000 --keys keys.txt",
      "  goodhart serve reward.yaml --replay reward.journal    what a fix of the spec changes"
    })
final class Serve implements Runnable {
  @Spec CommandSpec command;

  @Parameters(paramLabel = "SPEC|DIR", description = "A reward spec in YAML or a model's folder.")
  Path spec;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      defaultValue = "localhost",
      description = "The address to listen on; 0.0.0.0 for the network (${DEFAULT-VALUE}).")
  String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8000",
      description = "0 for any free one (${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "Only who has one of these keys may ask; the file holds their digests.")
  @Nullable Path keys;

  @Option(
      names = "--new-key",
      paramLabel = "NAME",
      description = "Make a key, add its digest to the --keys file, print it, and end.")
  @Nullable String newKey;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "Where every scored sample goes (default: SPEC's name with .journal).")
  @Nullable Path journal;

  @Option(names = "--no-journal", description = "Keep none.")
  boolean noJournal;

  @Option(
      names = "--journal-without-texts",
      description = "Digests in place of prompts and responses; what is kept cannot be replayed.")
  boolean withoutTexts;

  @Option(
      names = "--journal-files",
      paramLabel = "N",
      defaultValue = "0",
      description = "How many of its files of 256 MB are kept; 0 for all (${DEFAULT-VALUE}).")
  int journalFiles;

  @Option(
      names = "--journal-sync",
      description = "Wait for the disk before each answer: a power cut loses nothing either.")
  boolean journalSync;

  @Option(
      names = "--replay",
      paramLabel = "JOURNAL",
      description = "Score a journal's samples again, print what changed, and end.")
  @Nullable Path replay;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description =
          "How long an answer may take; what is not scored by then is unscored (${DEFAULT-VALUE})."
              + " A client may ask for less: Goodhart-Timeout.")
  double timeout;

  @Option(
      names = "--max-batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "The most samples that a model scores at once (${DEFAULT-VALUE}).")
  int maxBatch;

  @Option(
      names = "--max-wait",
      paramLabel = "MS",
      defaultValue = "2",
      description = "How long a model's batch waits to be full (${DEFAULT-VALUE}).")
  double maxWait;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "32",
      description = "How many samples a judge or a sandbox has at once (${DEFAULT-VALUE}).")
  int workers;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "8192",
      description = "How many samples may wait for a signal before 429 (${DEFAULT-VALUE}).")
  int queue;

  @Option(
      names = "--cache",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How many rewards of models and slow signals are kept (${DEFAULT-VALUE}).")
  long cache;

  @Option(
      names = "--cache-file",
      paramLabel = "FILE",
      description = "An SQLite file in which they outlive the server.")
  @Nullable Path cacheFile;

  @Option(
      names = "--max-body",
      paramLabel = "MB",
      defaultValue = "32",
      description = "The largest request (${DEFAULT-VALUE}).")
  int maxBody;

  @Option(
      names = "--max-samples",
      paramLabel = "N",
      defaultValue = "16384",
      description = "The most samples of a request (${DEFAULT-VALUE}).")
  int maxSamples;

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description = "Gets every alarm as JSON by POST.")
  @Nullable URI webhook;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long a stop waits for the requests under way (${DEFAULT-VALUE}).")
  double grace;

  @Override
  public void run() {
    PrintWriter out = command.commandLine().getOut();
    if (newKey != null) {
      if (keys == null) {
        throw new ParameterException(command.commandLine(), "--new-key needs --keys FILE");
      }
      out.println(Keys.add(keys, newKey));
      out.flush();
      return;
    }
    RewardSpec reward = RewardSpec.read(spec);
    if (replay != null) {
      out.print(Replay.of(replay, reward, Main.progress(command)).text());
      out.flush();
      return;
    }
    serve(reward, options());
  }

  private ServeOptions options() {
    Load load;
    try {
      load =
          new Load(
              maxBatch,
              nanos(maxWait / 1000),
              workers,
              queue,
              cache,
              Optional.ofNullable(cacheFile));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    Limits limits =
        new Limits((int) Math.min(maxBody * 1_000_000L, 1 << 30), maxSamples, nanos(timeout));
    return new ServeOptions(
        host,
        port,
        keys == null ? Keys.NONE : Keys.read(keys),
        limits,
        load,
        noJournal ? Optional.empty() : Optional.of(journal == null ? besideSpec() : journal),
        keeping(),
        Optional.ofNullable(webhook),
        nanos(grace));
  }

  private Keeping keeping() {
    try {
      return new Keeping(Keeping.USUAL.segment(), journalFiles, !withoutTexts, journalSync);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private static Duration nanos(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private Path besideSpec() {
    String name = String.valueOf(spec.toAbsolutePath().normalize().getFileName());
    return spec.toAbsolutePath()
        .normalize()
        .resolveSibling(name.replaceFirst("\\.ya?ml$", "") + ".journal");
  }

  private void serve(RewardSpec reward, ServeOptions options) {
    PrintWriter err = command.commandLine().getErr();
    RewardServer server = new RewardServer(reward, options);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(
                    () -> {
                      server.close();
                      stopped.countDown();
                    }));
    err.println(
        "goodhart: serving %s on http://%s:%d, dashboard at /, Ctrl-C stops"
            .formatted(spec, host, server.port()));
    options.journal().ifPresent(folder -> err.println("goodhart: journal in " + folder));
    if (keys == null && !local()) {
      err.println(
          "goodhart: anyone who reaches this port may ask, run programs in the sandbox, and read"
              + " the dashboard; --keys FILE keeps others out");
    }
    err.flush();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      server.close();
    }
  }

  private boolean local() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new GoodhartException(host + ": no such host", e);
    }
  }
}
