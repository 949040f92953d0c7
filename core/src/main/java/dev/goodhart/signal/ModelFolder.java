package dev.goodhart.signal;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import dev.goodhart.run.Provenance;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A saved reward model: a folder with {@code model.json} and the files that it names. It appears
 * under its name whole or not at all, and is checked whole when it is opened.
 */
public final class ModelFolder {
  /** Writes one file of a model, which may be larger than memory. */
  @FunctionalInterface
  public interface Contents {
    void writeTo(Path file) throws IOException;
  }

  /** The contents of a small file. */
  public static Contents contents(byte[] bytes) {
    return file -> Files.write(file, bytes);
  }

  private ModelFolder() {}

  /**
   * Says before the work whether a model may be saved under a name.
   *
   * @throws GoodhartException if something is there that may not be replaced
   */
  public static void check(Path folder, boolean replace) {
    if (Files.isRegularFile(folder)) {
      throw new GoodhartException(folder + ": is a file, expected a folder for the model");
    }
    boolean model = Files.isRegularFile(folder.resolve(ModelCard.FILE));
    if (model && !replace) {
      throw new GoodhartException(
          folder + ": holds a model already; choose another folder, or replace it with --force");
    }
    if (!model && Files.isDirectory(folder) && !isEmpty(folder)) {
      throw new GoodhartException(
          folder + ": is a folder with other files in it; choose a new one for the model");
    }
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = Objects.requireNonNull(existing.getParent());
    }
    if (!Files.isDirectory(existing)) {
      throw new GoodhartException(folder + ": cannot be made: " + existing + " is not a folder");
    }
    if (!Files.isWritable(existing)) {
      throw new GoodhartException(folder + ": cannot be made: no right to write in " + existing);
    }
  }

  /**
   * Saves a model. Its files are written into a folder beside the target, forced to the disk, and
   * moved in one step; the digests are entered into the card.
   *
   * @param files what writes each file, by its name; one in a folder of the folder as {@code
   *     folder/name}
   * @return the card as it was saved
   * @throws GoodhartException if it cannot be written; what was there before is still there then
   */
  public static ModelCard save(
      Path folder, boolean replace, ModelCard card, Map<String, Contents> files) {
    check(folder, replace);
    Path target = folder.toAbsolutePath().normalize();
    String suffix = "-" + ProcessHandle.current().pid();
    Path temporary = target.resolveSibling("." + target.getFileName() + ".partial" + suffix);
    Path old = target.resolveSibling("." + target.getFileName() + ".replaced" + suffix);
    Thread cleanup = new Thread(() -> delete(temporary));
    Runtime.getRuntime().addShutdownHook(cleanup);
    try {
      delete(temporary);
      Files.createDirectories(temporary);
      Map<String, String> digests = new LinkedHashMap<>();
      for (var file : files.entrySet()) {
        Path path = temporary.resolve(file.getKey());
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        write(path, file.getValue());
        digests.put(file.getKey(), Provenance.digest(path));
      }
      ModelCard whole =
          new ModelCard(
              card.kind(),
              card.hyperParameters(),
              card.calibration(),
              card.training(),
              card.heldOut(),
              card.provenance(),
              digests);
      write(
          temporary.resolve(ModelCard.FILE),
          contents(whole.json().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      if (Files.exists(target)) {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      delete(old);
      return whole;
    } catch (IOException e) {
      throw new GoodhartException(folder + ": cannot be written: " + IoReason.of(e), e);
    } finally {
      delete(temporary);
      try {
        Runtime.getRuntime().removeShutdownHook(cleanup);
      } catch (IllegalStateException e) {
        // Ctrl-C: the JVM is ending, and the hook does its work.
      }
    }
  }

  private static void write(Path file, Contents contents) throws IOException {
    contents.writeTo(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Opens a model of any kind.
   *
   * @throws GoodhartException if it is not there, damaged, or of a kind or format that is not known
   */
  static TrainedReward open(RewardModel asked) {
    Path folder = asked.path();
    List<ModelKind> kinds =
        ServiceLoader.load(ModelKind.class).stream().map(ServiceLoader.Provider::get).toList();
    if (!Files.exists(folder.resolve(ModelCard.FILE))) {
      for (ModelKind kind : kinds) {
        if (kind.knows(folder)) {
          return kind.open(asked);
        }
      }
    }
    ModelCard card = ModelCard.read(folder);
    card.files()
        .forEach(
            (name, digest) -> {
              Path file = folder.resolve(name);
              if (!Files.isRegularFile(file)) {
                throw new GoodhartException(file + ": is missing; fit the model again");
              }
              if (!Provenance.digest(file).equals(digest)) {
                throw new GoodhartException(
                    file
                        + ": damaged: it is not the file that "
                        + ModelCard.FILE
                        + " describes; fit the model again");
              }
            });
    for (ModelKind kind : kinds) {
      if (kind.name().equals(card.kind())) {
        try {
          return kind.open(asked, card);
        } catch (IllegalArgumentException e) {
          throw new GoodhartException(
              folder.resolve(ModelCard.FILE)
                  + ": damaged: "
                  + e.getMessage()
                  + " is missing or wrong",
              e);
        }
      }
    }
    throw new GoodhartException(
        folder
            + ": is a model of kind '"
            + card.kind()
            + "', and this version knows "
            + kinds.stream().map(ModelKind::name).collect(Collectors.joining(", ")));
  }

  private static boolean isEmpty(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a folder holds a model: one of ours, or another tool's that a kind knows. */
  public static boolean isModel(Path folder) {
    return Files.exists(folder.resolve(ModelCard.FILE))
        || ServiceLoader.load(ModelKind.class).stream().anyMatch(kind -> kind.get().knows(folder));
  }

  /**
   * Removes a folder of ours and the folders in it, as far as possible: what stays has a hidden
   * name and disturbs nobody.
   */
  private static void delete(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // left behind
    }
  }
}
