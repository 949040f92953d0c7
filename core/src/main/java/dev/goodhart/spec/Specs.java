package dev.goodhart.spec;

import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Records as YAML files: the YAML is the constructor. {@link RewardSpec} says what a reward is; a
 * module's own specs (a run's) are read the same way.
 */
public final class Specs {
  private static final long LARGEST = 1 << 20;

  private Specs() {}

  /**
   * Reads a file; paths in it are relative to its folder.
   *
   * @throws SpecException naming file, line, key, what was expected and the closest known name
   * @throws GoodhartException if the file cannot be read
   */
  public static <T extends Record> T read(Path file, Class<T> type) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    String kind = Names.kebab(type.getSimpleName()).replace('-', ' ');
    return parse(text(file, kind), file.toString(), folder, type);
  }

  private static String text(Path file, String kind) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > LARGEST) {
        throw new GoodhartException(
            file + ": too large for a " + kind + " (over 1 MiB); is it a data file?");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new GoodhartException(file + ": not UTF-8 text, expected a " + kind + " in YAML", e);
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + reason(e), e);
    }
  }

  /**
   * The keys at the top of a file, for commands that take several kinds of spec.
   *
   * @throws GoodhartException if it cannot be read, or is no mapping
   */
  public static Set<String> keys(Path file) {
    return YamlReader.keys(text(file, "spec"), file.toString());
  }

  /**
   * @param yaml the text of a spec
   * @param file what to call it in errors
   * @param folder what relative paths in it are relative to
   */
  public static <T extends Record> T parse(String yaml, String file, Path folder, Class<T> type) {
    return YamlReader.read(yaml, file, folder, type);
  }

  /** A spec as YAML, every hyper-parameter spelt out; paths below the folder relative to it. */
  public static String toYaml(Record spec, Path folder) {
    return YamlWriter.write(spec, folder);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file";
      case AccessDeniedException denied -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
