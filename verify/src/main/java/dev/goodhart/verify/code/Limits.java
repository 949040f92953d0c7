package dev.goodhart.verify.code;

/**
 * What one run of a program may use.
 *
 * @param cpuSeconds of processor time, all its processes together
 * @param wallSeconds until it is stopped even if it only waits
 * @param memoryBytes of address space for each process (where the language's runtime bears that),
 *     and resident, all its processes together
 * @param outputBytes on each of its output streams
 * @param diskBytes of files in its own folder, which is in memory
 * @param processes and threads at a time
 * @param openFiles at a time, for each process
 */
record Limits(
    double cpuSeconds,
    double wallSeconds,
    long memoryBytes,
    int outputBytes,
    long diskBytes,
    int processes,
    int openFiles) {

  Limits withTime(double cpu, double wall) {
    return new Limits(cpu, wall, memoryBytes, outputBytes, diskBytes, processes, openFiles);
  }

  /** What a compiler may use: more than the program it makes. */
  Limits compiling() {
    return withTime(Math.max(30, cpuSeconds), Math.max(60, wallSeconds)).roomier();
  }

  /** The same times, and what a compiler needs beside them. */
  Limits roomier() {
    return new Limits(
        cpuSeconds,
        wallSeconds,
        Math.max(2L << 30, memoryBytes),
        outputBytes,
        Math.max(256L << 20, diskBytes),
        Math.max(128, processes),
        Math.max(256, openFiles));
  }

  /**
   * What the process that judges may use: more than the judged one, so that the judged one meets
   * its limit first.
   */
  Limits judging() {
    return new Limits(
        cpuSeconds * 2 + 10,
        wallSeconds * 2 + 10,
        Math.max(1L << 30, 2 * memoryBytes),
        64 << 20,
        1 << 20,
        64,
        64);
  }
}
