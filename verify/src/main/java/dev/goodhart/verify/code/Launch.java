package dev.goodhart.verify.code;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command that starts a sandbox: bubblewrap with namespaces of its own for users, processes,
 * network, messages, host name and control groups, an empty environment, and of the host's files
 * only what the toolchains need, read-only. Nothing in there can be written to but what each check
 * mounts for itself.
 *
 * @param python the interpreter of the fork server
 * @param folders what of the host is visible inside
 * @param sandboxed false where the user said {@code --unsafe-no-sandbox}
 * @param bubblewrap the program, where it is installed
 */
record Launch(Path python, List<Path> folders, boolean sandboxed, Optional<Path> bubblewrap) {
  /** The system property behind {@code --unsafe-no-sandbox}. */
  static final String UNSAFE = "goodhart.unsafe-no-sandbox";

  private static final String NO_SETPRIV =
      "sandbox: setpriv is missing: apt-get install util-linux";

  static final String MISSING = "sandbox: bubblewrap is missing: apt-get install bubblewrap";

  /**
   * Reads the rest of the runner from its standard input, so that no file of it need be visible
   * inside.
   */
  private static final String BOOT =
      """
      import os, struct
      def read(n):
        d = b''
        while len(d) < n:
          p = os.read(0, n - len(d))
          if not p: os._exit(1)
          d += p
        return d
      d = read(struct.unpack('<I', read(4))[0])
      import json
      d = json.loads(d)
      exec(compile(d['boot'], 'boot', 'exec'))
      boot(d, d['sandboxed'])
      """;

  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH",
          "/usr/bin:/bin",
          "HOME",
          "/tmp",
          "TMPDIR",
          "/tmp",
          "LANG",
          "C.UTF-8",
          // The same program gives the same output each time.
          "PYTHONHASHSEED",
          "0");

  static Launch of(Path python, List<Path> folders) {
    return new Launch(python, folders, !Boolean.getBoolean(UNSAFE), Programs.find("bwrap"));
  }

  /**
   * The command with its arguments.
   *
   * @throws SandboxException if a program for it is missing, naming what to install
   */
  List<String> command() {
    List<String> command = new ArrayList<>();
    if (sandboxed) {
      if (isRoot()) {
        // Root outside is not bound by limits on processes, and would be root still if it ever got
        // out.
        Path setpriv = Programs.find("setpriv").orElseThrow(() -> new SandboxException(NO_SETPRIV));
        command.addAll(
            List.of(setpriv.toString(), "--reuid=65534", "--regid=65534", "--clear-groups"));
      }
      command.add(bubblewrap.orElseThrow(() -> new SandboxException(MISSING)).toString());
      command.addAll(arguments());
    }
    command.addAll(List.of(python.toString(), "-s", "-S", "-B", "-c", BOOT));
    return command;
  }

  private List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--unshare-all",
                "--unshare-user",
                "--die-with-parent",
                "--new-session",
                "--hostname",
                "sandbox",
                "--uid",
                "1000",
                "--gid",
                "1000"));
    for (Path folder : folders) {
      arguments.addAll(List.of("--ro-bind", folder.toString(), folder.toString()));
    }
    for (String name : List.of("bin", "lib", "lib32", "lib64")) {
      Path folder = Path.of("/", name);
      if (Files.isSymbolicLink(folder)) {
        arguments.addAll(List.of("--symlink", "usr/" + name, folder.toString()));
      } else if (Files.isDirectory(folder)) {
        arguments.addAll(List.of("--ro-bind", folder.toString(), folder.toString()));
      }
    }
    arguments.addAll(List.of("--proc", "/proc", "--tmpfs", "/dev"));
    for (String device : List.of("null", "zero", "full", "random", "urandom")) {
      arguments.addAll(List.of("--dev-bind", "/dev/" + device, "/dev/" + device));
    }
    arguments.addAll(List.of("--symlink", "/proc/self/fd", "/dev/fd"));
    List<String> streams = List.of("stdin", "stdout", "stderr");
    for (int i = 0; i < streams.size(); i++) {
      arguments.addAll(List.of("--symlink", "/proc/self/fd/" + i, "/dev/" + streams.get(i)));
    }
    // Semaphores shared between processes live in /dev/shm: in the check's own folder, that is.
    arguments.addAll(List.of("--symlink", "/tmp", "/dev/shm", "--remount-ro", "/dev"));
    arguments.addAll(
        List.of("--dir", "/tmp", "--dir", "/build", "--remount-ro", "/", "--chdir", "/"));
    return arguments;
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
          && uid == 0;
    } catch (java.io.IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
