package dev.goodhart.score;

import dev.goodhart.data.Dataset;
import dev.goodhart.run.Provenance;
import dev.goodhart.spec.RewardSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that decides the rewards of a file: the spec, the models and files that it names, the data.
 */
public final class Fingerprint {
  /**
   * @param folder what the spec's paths are shown relative to
   */
  public static String of(RewardSpec spec, Path folder, Dataset data) {
    StringBuilder text =
        new StringBuilder(spec.toYaml(folder)).append("data: ").append(data.digest());
    text.append('\n').append(data.layout().id()).append('\n');
    Map<String, String> files = new TreeMap<>();
    spec.paths().forEach(path -> add(path, files));
    files.forEach((name, digest) -> text.append(name).append(' ').append(digest).append('\n'));
    return text.toString();
  }

  private static void add(Path path, Map<String, String> files) {
    // A model's folder is known by its description, which holds the digest of its weights.
    Path file = Files.isDirectory(path) ? path.resolve("model.json") : path;
    if (Files.isRegularFile(file)) {
      files.put(file.toString(), Provenance.digest(file));
    }
  }

  private Fingerprint() {}
}
