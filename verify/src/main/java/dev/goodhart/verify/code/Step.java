package dev.goodhart.verify.code;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One process to start in a sandbox.
 *
 * @param kind what the runner does with the data: {@code program}, {@code calls}, {@code peer},
 *     {@code tester} or {@code exec}
 * @param build {@code write} when it may fill the folder /build, {@code read} when it may read it,
 *     else empty
 * @param channel whether it gets a descriptor 3 to answer on
 * @param frames how many answers are expected there; the time limits hold for each
 * @param addresses whether the memory limit also bounds its address space
 * @param data standard input first
 */
record Step(
    String kind,
    Limits limits,
    String build,
    boolean channel,
    int frames,
    boolean addresses,
    List<byte[]> data) {

  /** A command: its arguments, its standard input, and files to write before it starts. */
  static Step exec(
      List<String> arguments,
      byte[] stdin,
      Map<String, byte[]> files,
      Limits limits,
      String build,
      boolean channel,
      int frames,
      boolean addresses) {
    List<byte[]> data = new ArrayList<>();
    data.add(stdin);
    data.add(String.join("\0", arguments).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    files.forEach(
        (name, content) -> {
          data.add(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
          data.add(content);
        });
    return new Step("exec", limits, build, channel, frames, addresses, data);
  }

  static Step python(String kind, Limits limits, boolean channel, int frames, List<byte[]> data) {
    return new Step(kind, limits, "", channel, frames, true, data);
  }

  /** The part of a request that the fork server reads; nothing in it is a secret. */
  Map<String, Object> header() {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("kind", kind);
    header.put("cpu", Math.round(limits.cpuSeconds() * 1000));
    header.put("wall", Math.round(limits.wallSeconds() * 1000));
    header.put("memory", limits.memoryBytes());
    header.put("output", limits.outputBytes());
    header.put("disk", limits.diskBytes());
    header.put("processes", limits.processes());
    header.put("files", limits.openFiles());
    header.put("build", build);
    header.put("channel", channel);
    header.put("frames", Math.max(1, frames));
    header.put("addresses", addresses);
    return header;
  }

  /** After how long a sandbox that has not answered is broken. */
  double patience() {
    return limits.wallSeconds() * Math.max(1, frames) + 15;
  }
}
