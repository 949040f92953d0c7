package dev.goodhart.verify.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A candidate's program, and the steps that compile and run it in its language. */
record Program(Toolchain toolchain, String code, Limits limits) {
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^\\s*public\\s+(?:(?:final|abstract|sealed|strictfp)\\s+)*(?:class|record|interface|enum)\\s+(\\w+)",
          Pattern.MULTILINE);
  private static final Pattern MODULE =
      Pattern.compile("^\\s*(?:import\\s+[\\w{*\"']|export\\s)", Pattern.MULTILINE);

  /** How a Java process starts quickest and stays small. */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-XX:ActiveProcessorCount=1",
          "-XX:+ExitOnOutOfMemoryError");

  /** Compiles it where its language wants that; the outcome if it failed. */
  Optional<Outcome> compile(Sandbox sandbox) {
    Limits allowed = limits.compiling();
    return compiled(sandbox, allowed, Map.of())
        .filter(outcome -> outcome.end(allowed, false) != Verdict.PASSED);
  }

  /** Compiles it, with these files beside it; empty where its language is not compiled. */
  Optional<Outcome> compiled(Sandbox sandbox, Limits allowed, Map<String, byte[]> files) {
    List<String> command =
        switch (toolchain.language()) {
          case JAVA ->
              List.of(
                  tool("javac"),
                  "-J-XX:+UseSerialGC",
                  "-J-XX:TieredStopAtLevel=1",
                  "-J-XX:-UsePerfData",
                  "-encoding",
                  "UTF-8",
                  "-nowarn",
                  "-proc:none",
                  "-d",
                  "/build",
                  source());
          case CPP ->
              List.of(
                  toolchain.run().toString(),
                  "-O2",
                  "-std=c++20",
                  "-pipe",
                  "-w",
                  "-o",
                  "/build/solution",
                  source());
          case PYTHON, JAVASCRIPT, SHELL -> List.of();
        };
    if (command.isEmpty()) {
      return Optional.empty();
    }
    Step step =
        Step.exec(
            command,
            new byte[0],
            with(files, Map.of(source(), code.getBytes(UTF_8))),
            allowed,
            "write",
            false,
            1,
            false);
    return Optional.of(sandbox.run(step));
  }

  /** One run with this on its standard input. */
  Step step(byte[] stdin) {
    if (toolchain.language() == Language.PYTHON) {
      return Step.python("program", limits, false, 1, List.of(stdin, code.getBytes(UTF_8)));
    }
    return Step.exec(
        command(),
        stdin,
        files(code),
        limits,
        isCompiled() ? "read" : "",
        false,
        1,
        boundsAddresses());
  }

  /**
   * One run in a folder with these files; those to fetch come back on descriptor 3, each as its
   * name's length, its size (32 bits, little endian), its name and its content.
   *
   * @param interpreter the Python that reads them
   */
  Step step(byte[] stdin, Map<String, byte[]> files, List<String> fetch, Path interpreter) {
    boolean python = toolchain.language() == Language.PYTHON;
    List<String> command = new ArrayList<>(python ? pythonCommand() : command());
    Map<String, byte[]> all =
        with(files, python ? Map.of(source(), code.getBytes(UTF_8)) : files(code));
    if (!fetch.isEmpty()) {
      command.addAll(
          0,
          List.of(
              interpreter.toString(),
              "-I",
              "-S",
              "-c",
              Resources.text("fetch.py"),
              Wire.JSON.writeValueAsString(fetch)));
    }
    return Step.exec(
        command,
        stdin,
        all,
        limits,
        isCompiled() ? "read" : "",
        !fetch.isEmpty(),
        1,
        boundsAddresses());
  }

  private List<String> pythonCommand() {
    return List.of(toolchain.run().toString(), source());
  }

  private static Map<String, byte[]> with(Map<String, byte[]> files, Map<String, byte[]> own) {
    Map<String, byte[]> all = new LinkedHashMap<>(files);
    all.putAll(own);
    return all;
  }

  /** One run that calls a function with each of these. */
  Step callStep(String function, List<CodeTests.Calls.Call> calls) {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("name", function);
    asked.put("arguments", calls.stream().map(CodeTests.Calls.Call::arguments).toList());
    byte[] json = Wire.JSON.writeValueAsBytes(asked);
    return switch (toolchain.language()) {
      case PYTHON ->
          Step.python(
              "calls",
              limits,
              true,
              calls.size(),
              List.of(new byte[0], json, code.getBytes(UTF_8)));
      case JAVASCRIPT -> {
        if (!function.matches("[A-Za-z_$][\\w$]*")) {
          throw new TestsException("'" + function + "' is no name of a function");
        }
        String target =
            "typeof "
                + function
                + " === 'function' ? "
                + function
                + " : ((s) => s."
                + function
                + ".bind(s))(new Solution())";
        String caller =
            Resources.text("calls.js")
                .replace(
                    "__GOODHART_CALLS__", Wire.JSON.writeValueAsString(new String(json, UTF_8)))
                .replace("__GOODHART_TARGET__", target);
        yield Step.exec(
            command(),
            new byte[0],
            files(code + "\n" + caller),
            limits,
            "",
            true,
            calls.size(),
            false);
      }
      case JAVA, CPP, SHELL ->
          throw new TestsException("tests of a function need Python or JavaScript");
    };
  }

  private List<String> command() {
    long megabytes = limits.memoryBytes() >> 20;
    return switch (toolchain.language()) {
      case JAVASCRIPT ->
          List.of(
              toolchain.run().toString(),
              "--max-old-space-size=" + megabytes,
              "--stack-size=3900",
              source());
      case SHELL -> List.of(toolchain.run().toString(), source());
      case CPP -> List.of("/build/solution");
      case JAVA -> {
        List<String> command = new ArrayList<>(List.of(tool("java")));
        command.addAll(JVM);
        command.addAll(
            List.of(
                "-Xmx" + megabytes + "m", "-Xss64m", "-cp", "/build", JavaSource.mainClass(code)));
        yield command;
      }
      case PYTHON -> throw new IllegalStateException("Python runs in the fork server");
    };
  }

  private Map<String, byte[]> files(String text) {
    return isCompiled() ? Map.of() : Map.of(source(), text.getBytes(UTF_8));
  }

  private boolean isCompiled() {
    return toolchain.language() == Language.JAVA || toolchain.language() == Language.CPP;
  }

  /** Java and node reserve far more addresses than they use. */
  private boolean boundsAddresses() {
    return toolchain.language() != Language.JAVA && toolchain.language() != Language.JAVASCRIPT;
  }

  private String tool(String name) {
    return toolchain.run().resolve(name).toString();
  }

  /** The file's name, relative to the check's own folder. */
  private String source() {
    return switch (toolchain.language()) {
      case PYTHON -> "solution.py";
      case JAVASCRIPT -> MODULE.matcher(code).find() ? "solution.mjs" : "solution.js";
      case SHELL -> "solution.sh";
      case CPP -> "solution.cpp";
      case JAVA -> {
        Matcher type = PUBLIC_TYPE.matcher(code);
        yield (type.find() ? type.group(1) : "Main") + ".java";
      }
    };
  }
}
