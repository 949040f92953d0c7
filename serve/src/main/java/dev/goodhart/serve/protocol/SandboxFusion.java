package dev.goodhart.serve.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goodhart.serve.http.Exchange;
import dev.goodhart.serve.http.Fields;
import dev.goodhart.serve.http.Handler;
import dev.goodhart.serve.http.Protocol;
import dev.goodhart.serve.scoring.Refusal;
import dev.goodhart.verify.code.Language;
import dev.goodhart.verify.code.PlainRun;
import dev.goodhart.verify.code.RunResult;
import dev.goodhart.verify.code.SandboxException;
import dev.goodhart.verify.code.Verdict;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs as SandboxFusion does, for verl and whoever else judges code by what it wrote.
 * Nothing is rewarded here and the spec plays no part.
 *
 * <pre>{@code
 * POST /run_code {"code": "print(1)", "language": "python", "stdin": null, "run_timeout": 10, "compile_timeout": 10,
 *                 "memory_limit_MB": -1, "files": {"a.txt": "aGk="}, "fetch_files": ["b.txt"]}
 *            200 {"status": "Success", "message": "", "compile_result": null, "run_result": {"status": "Finished",
 *                 "execution_time": 0.01, "return_code": 0, "stdout": "1\n", "stderr": "", "verdict": "passed"},
 *                 "executor_pod_name": null, "files": {}}
 * GET /v1/ping   200 "pong"
 * }</pre>
 *
 * <p>Beyond the protocol each result has a {@code verdict}, which tells a program that was stopped
 * for its memory ({@code memory-limit}) from one that crashed; {@code message} then says the limit.
 * Times are by the wall. What a client asks for beyond the server's own limits is cut to them. When
 * too many programs wait the answer is 504, the only status that verl's client tries again.
 */
final class SandboxFusion implements Protocol {
  private static final double MOST_SECONDS = 60;
  private static final int MOST_MEMORY = 4096;
  private static final int DEFAULT_MEMORY = 1024;
  private static final int OUTPUT = 8;
  private static final int MOST_FILES = 64;
  private static final int MOST_FILE_BYTES = 16 << 20;
  private static final double DEFAULT_SECONDS = 10;

  private static final double PATIENCE = 8;

  private static final Set<Language> COMPILED = EnumSet.of(Language.CPP, Language.JAVA);

  private static final Map<String, Language> LANGUAGES =
      Map.of(
          "python", Language.PYTHON,
          "cpp", Language.CPP,
          "nodejs", Language.JAVASCRIPT,
          "java", Language.JAVA,
          "bash", Language.SHELL);

  /** Those of the protocol that are not run here. */
  private static final Set<String> OTHERS =
      Set.of(
          "go",
          "go_test",
          "php",
          "csharp",
          "typescript",
          "sql",
          "rust",
          "cuda",
          "lua",
          "R",
          "perl",
          "D_ut",
          "ruby",
          "scala",
          "julia",
          "pytest",
          "junit",
          "kotlin_script",
          "jest",
          "verilog",
          "python_gpu",
          "lean",
          "swift",
          "racket");

  private static final int LATE = 504;

  private final CodeRuns runs;

  SandboxFusion(CodeRuns runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "sandbox-fusion";
  }

  @Override
  public Map<String, Handler> routes() {
    return Map.of("POST /run_code", FastApi.strict(this::run), "GET /v1/ping", exchange -> "pong");
  }

  @Override
  public Object error(Refusal refusal) {
    return FastApi.error(refusal);
  }

  private Object run(Exchange exchange) {
    Fields body = exchange.body();
    String name = body.text("language");
    Language language = LANGUAGES.get(name);
    if (language == null) {
      if (!OTHERS.contains(name)) {
        throw Refusal.bad(
            "language: '" + name + "' is none of SandboxFusion's; here run " + runnable());
      }
      return sandboxError("the language '" + name + "' does not run here, only " + runnable());
    }
    PlainRun asked = asked(body, language);
    // verl's client hangs up 10 s after both of its limits, and then does not try again: whoever
    // waits must hear of it before, with time left to run.
    double unused = COMPILED.contains(language) ? 0 : asked.compileSeconds();
    double patience = Math.min(unused + PATIENCE, exchange.asked().remaining() / 1e9);
    try {
      RunResult result =
          exchange.whileThere(
              () ->
                  runs.with(
                      Duration.ofMillis((long) Math.max(0, patience * 1000)),
                      LATE,
                      sandboxes -> sandboxes.run(asked)));
      return answer(result);
    } catch (SandboxException e) {
      return sandboxError(String.valueOf(e.getMessage()));
    }
  }

  private static String runnable() {
    return String.join(", ", LANGUAGES.keySet().stream().sorted().toList());
  }

  private static PlainRun asked(Fields body, Language language) {
    int memory = (int) Math.min(MOST_MEMORY, body.number("memory_limit_MB").orElse(-1));
    try {
      return new PlainRun(
          language,
          body.text("code"),
          body.optionalText("stdin").orElse("").getBytes(UTF_8),
          seconds(body, "run_timeout"),
          seconds(body, "compile_timeout"),
          memory < 1 ? DEFAULT_MEMORY : memory,
          OUTPUT,
          files(body),
          body.has("fetch_files") ? fetched(body) : List.of());
    } catch (IllegalArgumentException e) {
      throw Refusal.bad(String.valueOf(e.getMessage()));
    }
  }

  private static double seconds(Fields body, String name) {
    double seconds = body.number(name).orElse(DEFAULT_SECONDS);
    if (!(seconds > 0)) {
      throw Refusal.bad(name + ": expected seconds above 0, not " + seconds);
    }
    return Math.min(MOST_SECONDS, seconds);
  }

  private static Map<String, byte[]> files(Fields body) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (!body.has("files")) {
      return files;
    }
    Fields given = body.object("files");
    long bytes = 0;
    for (String path : given.values().keySet()) {
      byte[] content;
      try {
        if (!given.has(path)) continue; // null: nothing to lay in
        content = Base64.getMimeDecoder().decode(given.text(path));
      } catch (IllegalArgumentException e) {
        throw Refusal.bad("files." + path + ": expected base 64");
      }
      files.put(path, content);
      bytes += content.length;
      if (files.size() > MOST_FILES || bytes > MOST_FILE_BYTES) {
        throw Refusal.bad("files: at most " + MOST_FILES + " and 16 MiB together are taken");
      }
    }
    return files;
  }

  private static List<String> fetched(Fields body) {
    List<String> paths = body.texts("fetch_files");
    if (paths.size() > MOST_FILES) {
      throw Refusal.bad("fetch_files: at most " + MOST_FILES + " are fetched");
    }
    return paths;
  }

  private static Object answer(RunResult result) {
    boolean good = result.ran().isPresent() && result.ran().get().verdict() == Verdict.PASSED;
    String message = result.ran().or(result::compiled).map(RunResult.End::detail).orElse("");
    Map<String, String> files = new LinkedHashMap<>();
    result
        .files()
        .forEach((path, content) -> files.put(path, Base64.getEncoder().encodeToString(content)));
    return json(
        good ? "Success" : "Failed",
        message,
        result.compiled().map(SandboxFusion::part).orElse(null),
        result.ran().map(SandboxFusion::part).orElse(null),
        files);
  }

  private static Map<String, @Nullable Object> part(RunResult.End end) {
    boolean late = end.verdict() == Verdict.TIMED_OUT;
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("status", late ? "TimeLimitExceeded" : "Finished");
    json.put("execution_time", end.seconds());
    json.put("return_code", late ? null : end.exit());
    json.put("stdout", end.stdout());
    json.put("stderr", end.stderr());
    json.put("verdict", end.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    return json;
  }

  private static Object sandboxError(String message) {
    return json("SandboxError", message, null, null, Map.of());
  }

  private static Map<String, @Nullable Object> json(
      String status,
      String message,
      @Nullable Object compiled,
      @Nullable Object ran,
      Map<String, String> files) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("status", status);
    json.put("message", message);
    json.put("compile_result", compiled);
    json.put("run_result", ran);
    json.put("executor_pod_name", null);
    json.put("files", files);
    return json;
  }

  @Override
  public void close() {
    runs.close();
  }
}
