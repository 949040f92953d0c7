package dev.goodhart.score;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.run.IoReason;
import dev.goodhart.run.Provenance;
import dev.goodhart.spec.RewardSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that decides the rewards of a file: the spec, the models and files that it names, the data.
 */
public final class Fingerprint {
  /**
   * @param folder what the spec's paths are shown relative to
   */
  public static String of(RewardSpec spec, Path folder, Dataset data) {
    return of(spec, folder) + "data: " + data.digest() + '\n' + data.layout().id() + '\n';
  }

  /** All that decides rewards apart from the data: the spec, the models and files that it names. */
  public static String of(RewardSpec spec, Path folder) {
    StringBuilder text = new StringBuilder(spec.toYaml(folder));
    Map<String, String> files = new TreeMap<>();
    spec.paths().forEach(path -> add(path, files));
    files.forEach((name, digest) -> text.append(name).append(' ').append(digest).append('\n'));
    return text.toString();
  }

  private static void add(Path path, Map<String, String> files) {
    // A model's folder is known by its description, which holds the digest of its weights; another
    // tool's has no such description.
    Path file = Files.isDirectory(path) ? path.resolve("model.json") : path;
    if (!Files.exists(file) && Files.isDirectory(path)) {
      try (Stream<Path> flat = Files.list(path)) {
        flat.filter(Files::isRegularFile)
            .forEach(f -> files.put(f.toString(), Provenance.digest(f)));
      } catch (IOException e) {
        throw new GoodhartException(path + ": cannot be read: " + IoReason.of(e), e);
      }
    }
    if (Files.isRegularFile(file)) {
      files.put(file.toString(), Provenance.digest(file));
    }
  }

  private Fingerprint() {}
}
