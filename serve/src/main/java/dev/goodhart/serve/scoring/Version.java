package dev.goodhart.serve.scoring;

import dev.goodhart.spec.RewardSpec;
import java.nio.file.Path;

/** Names all that decides a reward: the spec, its models and files, the code of its signals. */
final class Version {
  private Version() {}

  static String of(RewardSpec spec) {
    return Digests.hex(spec.toYaml(Path.of("")).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .substring(0, 16);
  }
}
