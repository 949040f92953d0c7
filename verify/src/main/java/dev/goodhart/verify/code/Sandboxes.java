package dev.goodhart.verify.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goodhart.Sample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Warm sandboxes for programs in any language that this machine has, for whoever judges programs
 * himself or asks for one check at a time: a server. Safe for several threads; each call takes one
 * sandbox, and waits for it.
 *
 * <p>A signal that scores batches is {@link Code}.
 */
public final class Sandboxes implements AutoCloseable {
  private static final int EXIT_MEMORY = 87;
  private static final int EXIT_SYNTAX = 88;

  private final Map<Language, Toolchain> toolchains = new EnumMap<>(Language.class);
  private final Map<Language, String> missing = new EnumMap<>(Language.class);
  private final boolean sandboxed;
  private final SandboxPool pool;

  /**
   * Looks for the languages; starts nothing yet.
   *
   * @param most sandboxes at a time
   * @throws SandboxException if there is no bubblewrap or no Python, without which none starts
   */
  public Sandboxes(int most) {
    for (Language language : Language.values()) {
      try {
        toolchains.put(language, Toolchain.of(language, Optional.empty()));
      } catch (SandboxException e) {
        missing.put(language, String.valueOf(e.getMessage()));
      }
    }
    Toolchain python = toolchain(Language.PYTHON);
    Launch launch =
        Launch.of(python.run(), Toolchain.folders(new ArrayList<>(toolchains.values())));
    launch.command();
    sandboxed = launch.sandboxed();
    pool = new SandboxPool(launch, most);
  }

  /** False where the user said {@code --unsafe-no-sandbox}. */
  public boolean areSandboxed() {
    return sandboxed;
  }

  private Toolchain toolchain(Language language) {
    Toolchain toolchain = toolchains.get(language);
    if (toolchain == null) {
      throw new SandboxException(missing.getOrDefault(language, "toolchain: none"));
    }
    return toolchain;
  }

  /**
   * Compiles a program where its language wants that, and runs it once.
   *
   * @throws SandboxException if the language or the sandbox is missing or broken: nothing is said
   *     about the program
   */
  public RunResult run(PlainRun asked) {
    Toolchain toolchain = toolchain(asked.language());
    Path python = toolchain(Language.PYTHON).run();
    Limits limits = limits(asked, asked.seconds());
    Limits compiling = limits(asked, asked.compileSeconds()).roomier();
    Program program = new Program(toolchain, asked.source(), limits);
    return pool.with(
        sandbox -> {
          Optional<RunResult.End> compiled =
              program
                  .compiled(sandbox, compiling, asked.files())
                  .map(outcome -> end(outcome, compiling, false).ofCompiler());
          if (compiled.isPresent() && compiled.get().verdict() != Verdict.PASSED) {
            return new RunResult(compiled, Optional.empty(), Map.of());
          }
          boolean plain = asked.files().isEmpty() && asked.fetch().isEmpty();
          Outcome outcome =
              sandbox.run(
                  plain
                      ? program.step(asked.stdin())
                      : program.step(asked.stdin(), asked.files(), asked.fetch(), python));
          boolean forked = plain && asked.language() == Language.PYTHON;
          return new RunResult(
              compiled, Optional.of(end(outcome, limits, forked)), files(outcome, asked.fetch()));
        });
  }

  /**
   * Judges one program by the tests of a sample, as {@link Code} does.
   *
   * @param code the limits and the comparison; its {@code score}, {@code each} and {@code
   *     interpreter} do not matter, every test is run
   * @param source the program itself, not a response around it
   * @throws SandboxException if the language or the sandbox is missing or broken
   * @throws TestsException if the sample's tests are missing or cannot be run
   */
  public CheckResult check(Code code, Sample sample, String source) {
    CodeTests tests = TestColumns.of(sample, code.tests());
    return new Checker(
            toolchain(code.language()),
            pool,
            code.limits(),
            new OutputMatch(code.compare(), code.tolerance()),
            new ValueMatch(code.tolerance()),
            false)
        .check(tests, source);
  }

  private static Limits limits(PlainRun asked, double seconds) {
    // By the wall, as its clients count: all the processors that a program finds it may use.
    int cores = Runtime.getRuntime().availableProcessors();
    return new Limits(
        seconds * cores,
        seconds,
        (long) asked.memory() << 20,
        asked.output() << 20,
        64L << 20,
        64,
        256);
  }

  /**
   * @param forked whether it ran in the fork server, which says by its status what Python says in
   *     words alone
   */
  private static RunResult.End end(Outcome outcome, Limits limits, boolean forked) {
    Verdict verdict = outcome.end(limits, forked);
    int exit = outcome.exit();
    boolean told = forked && (exit == EXIT_MEMORY || exit == EXIT_SYNTAX);
    return new RunResult.End(
        verdict,
        outcome.signal() > 0 ? -outcome.signal() : told ? 1 : exit,
        outcome.stdout(),
        outcome.stderr(),
        outcome.wallSeconds(),
        switch (verdict) {
          case TIMED_OUT, MEMORY_LIMIT, OUTPUT_LIMIT, PROCESS_LIMIT ->
              outcome.detail(verdict, limits);
          case PASSED, WRONG, CRASHED, COMPILE_ERROR, TAMPERED, SKIPPED -> "";
        });
  }

  /** Names and contents, one after the other; what is cut off or was not asked for is left out. */
  private static Map<String, byte[]> files(Outcome outcome, List<String> asked) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    ByteBuffer channel = outcome.channel().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (channel.remaining() >= 8) {
      int name = channel.getInt();
      int size = channel.getInt();
      if (name < 0 || size < 0 || (long) name + size > channel.remaining()) {
        break;
      }
      byte[] named = new byte[name];
      channel.get(named);
      byte[] content = new byte[size];
      channel.get(content);
      String text = new String(named, UTF_8);
      if (asked.contains(text)) {
        files.put(text, content);
      }
    }
    return files;
  }

  @Override
  public void close() {
    pool.close();
  }
}
