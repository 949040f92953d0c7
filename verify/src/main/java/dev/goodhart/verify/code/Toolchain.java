package dev.goodhart.verify.code;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What this machine compiles and runs a language with.
 *
 * @param run the interpreter, virtual machine or compiler
 * @param folders what of the host it needs to see, read-only
 */
record Toolchain(Language language, Path run, Set<Path> folders) {
  /**
   * Every program of a distribution, its libraries and headers; none of its settings, users or
   * data.
   */
  private static final List<Path> SYSTEM =
      Stream.of(
              "/usr/bin",
              "/usr/lib",
              "/usr/lib32",
              "/usr/lib64",
              "/usr/libexec",
              "/usr/include",
              "/usr/share/zoneinfo",
              "/usr/share/nodejs")
          .map(Path::of)
          .toList();

  /**
   * @throws SandboxException if there is none, naming what to install
   */
  static Toolchain of(Language language, Optional<Path> interpreter) {
    return switch (language) {
      case PYTHON -> python(interpreter);
      case JAVASCRIPT ->
          at(language, interpreter.or(() -> Programs.find("node", "nodejs")), "node", "nodejs");
      case CPP -> at(language, interpreter.or(() -> Programs.find("g++", "clang++")), "g++", "g++");
      case SHELL -> at(language, interpreter.or(() -> Programs.find("bash")), "bash", "bash");
      case JAVA -> java(interpreter);
    };
  }

  private static Toolchain at(
      Language language, Optional<Path> program, String name, String debian) {
    Path found =
        program.orElseThrow(
            () ->
                new SandboxException(
                    "toolchain: " + name + " is missing: apt-get install " + debian));
    if (!Files.isExecutable(found)) {
      throw new SandboxException("toolchain: " + found + " is not a program");
    }
    Path real = Programs.real(found);
    return new Toolchain(language, real, folders(prefix(real)));
  }

  /** A JDK: the one that runs Goodhart if it has a compiler, else the one on the PATH. */
  private static Toolchain java(Optional<Path> interpreter) {
    Path own = Path.of(System.getProperty("java.home"), "bin", "javac");
    Path javac =
        interpreter
            .map(java -> java.resolveSibling("javac"))
            .or(() -> Files.isExecutable(own) ? Optional.of(own) : Programs.find("javac"))
            .filter(Files::isExecutable)
            .map(Programs::real)
            .orElseThrow(
                () ->
                    new SandboxException(
                        "toolchain: a JDK is missing: apt-get install default-jdk-headless"));
    Path home = prefix(javac);
    Set<Path> folders = folders(home);
    // Debian keeps a JDK's settings below /etc and links to them.
    for (String linked : List.of("conf", "lib/security", "conf/security", "lib/jvm.cfg")) {
      Path target = Programs.real(home.resolve(linked));
      if (Files.exists(target)
          && !target.startsWith(home)
          && target.startsWith("/etc")
          && target.getNameCount() > 1) {
        folders.add(Path.of("/etc").resolve(target.getName(1)));
      }
    }
    return new Toolchain(Language.JAVA, home.resolve("bin"), folders);
  }

  /**
   * Asks the interpreter where it lives: what is on the PATH may be a script that only finds it.
   */
  private static Toolchain python(Optional<Path> interpreter) {
    Path program =
        interpreter
            .or(() -> Programs.find("python3"))
            .orElseThrow(
                () ->
                    new SandboxException("toolchain: python3 is missing: apt-get install python3"));
    String question =
        "import sys; print(sys.executable); print(sys.prefix); print(sys.base_prefix);"
            + " print(*sys.version_info[:2])";
    List<String> answer = ask(List.of(program.toString(), "-I", "-c", question));
    if (answer.size() != 4) {
      throw new SandboxException("toolchain: " + program + " is not a Python 3 interpreter");
    }
    String[] version = answer.get(3).split(" ");
    if (Integer.parseInt(version[0]) != 3 || Integer.parseInt(version[1]) < 8) {
      throw new SandboxException(
          "toolchain: "
              + program
              + " is Python "
              + String.join(".", version)
              + ", 3.8 or newer is needed");
    }
    Set<Path> folders = folders(Path.of(answer.get(1)));
    folders.addAll(folders(Path.of(answer.get(2))));
    return new Toolchain(Language.PYTHON, Path.of(answer.get(0)), folders);
  }

  private static List<String> ask(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return answer.lines().toList();
    } catch (IOException e) {
      throw new SandboxException(
          "toolchain: " + command.getFirst() + " does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted", e);
    }
  }

  /** The folder in which a program was installed: /usr for /usr/bin/python3. */
  private static Path prefix(Path program) {
    Path folder = program.getParent();
    Path prefix = folder == null ? null : folder.getParent();
    return prefix == null ? Path.of("/usr") : prefix;
  }

  private static Set<Path> folders(Path prefix) {
    Set<Path> folders = new LinkedHashSet<>(SYSTEM);
    if (prefix.equals(Path.of("/usr")) || SYSTEM.stream().anyMatch(prefix::startsWith)) {
      return folders;
    }
    Path home = Path.of(System.getProperty("user.home"));
    if (prefix.getNameCount() < 2 || home.startsWith(prefix)) {
      throw new SandboxException(
          "toolchain: "
              + prefix
              + " would have to be shown to the program under test; install it elsewhere");
    }
    if (prefix.equals(Path.of("/usr/local"))) {
      for (String part : List.of("bin", "lib", "lib64", "libexec", "include")) {
        folders.add(prefix.resolve(part));
      }
    } else {
      folders.add(prefix);
    }
    return folders;
  }

  /** What all of these need to see. */
  static List<Path> folders(List<Toolchain> toolchains) {
    Set<Path> all = new LinkedHashSet<>();
    toolchains.forEach(t -> all.addAll(t.folders()));
    return new ArrayList<>(all.stream().filter(Files::isDirectory).toList());
  }
}
