package dev.goodhart.verify.code;

import java.util.List;
import java.util.Map;

/**
 * A program to run as it is, with no tests.
 *
 * @param stdin what it reads
 * @param seconds until it is stopped, by the wall; its processor time may be as many times more as
 *     the machine has cores
 * @param compileSeconds the same for its compiler
 * @param memory in MiB, of all its processes; a compiler gets at least 2 GiB
 * @param output on each stream, in MiB
 * @param files to lay into its folder first, by relative path
 * @param fetch which files of its folder to bring back after it ended by itself; what is not there,
 *     or larger than {@code output} together, is left out
 */
public record PlainRun(
    Language language,
    String source,
    byte[] stdin,
    double seconds,
    double compileSeconds,
    int memory,
    int output,
    Map<String, byte[]> files,
    List<String> fetch) {
  private static final int LONGEST = 200;

  public PlainRun {
    if (!(seconds > 0 && compileSeconds > 0)
        || !Double.isFinite(seconds)
        || !Double.isFinite(compileSeconds)) {
      throw new IllegalArgumentException("a time limit must be above 0");
    }
    if (memory < 1 || output < 1) {
      throw new IllegalArgumentException("memory and output must be at least 1 MiB");
    }
    files = Map.copyOf(files);
    fetch = List.copyOf(fetch);
    files.keySet().forEach(PlainRun::inside);
    fetch.forEach(PlainRun::inside);
  }

  /** A program that needs nothing but its input, with the limits that {@link Code} has. */
  public static PlainRun of(Language language, String source, String stdin) {
    return new PlainRun(
        language,
        source,
        stdin.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        5,
        30,
        512,
        4,
        Map.of(),
        List.of());
  }

  private static void inside(String path) {
    if (path.isBlank()
        || path.length() > LONGEST
        || path.startsWith("/")
        || path.indexOf('\0') >= 0
        || List.of(path.split("/", -1)).contains("..")
        || path.endsWith("/")) {
      throw new IllegalArgumentException(
          "'" + path.replace("\0", "\\0") + "': expected a path below the program's own folder");
    }
  }
}
