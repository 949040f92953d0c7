package dev.goodhart.neural.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.goodhart.GoodhartException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's own tokenizers, in Rust, through the natives that DJL's jar brings.
 *
 * <p>DJL's Java classes around them are left alone: on a machine with a GPU they look for CUDA and
 * download a build for it, and on some machines they call home. Here the library is unpacked from
 * the jar and loaded, and nothing else happens. Its natives are its own and share nothing with
 * libtorch.
 */
final class RustTokenizer {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;
  private static boolean loaded;

  private final long handle;

  /**
   * @param json the text of a {@code tokenizer.json}
   * @throws IllegalArgumentException if it is none, with the library's reason
   */
  RustTokenizer(String json) {
    load();
    try {
      handle = LIBRARY.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()).strip(), e);
    }
    long address = handle;
    CLEANER.register(this, () -> LIBRARY.deleteTokenizer(address));
  }

  int[] encode(String text, boolean special) {
    try {
      long encoding = LIBRARY.encode(handle, text, special);
      try {
        return toInts(LIBRARY.getTokenIds(encoding));
      } finally {
        LIBRARY.deleteEncoding(encoding);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  String decode(int[] ids, boolean special) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) wide[i] = ids[i];
    try {
      return LIBRARY.decode(handle, wide, !special);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private static int[] toInts(long[] ids) {
    int[] narrow = new int[ids.length];
    for (int i = 0; i < ids.length; i++) narrow[i] = (int) ids[i];
    return narrow;
  }

  /**
   * Unpacks and loads the native library, once in the life of the JVM.
   *
   * @throws GoodhartException if it cannot be, saying what to do about it
   */
  static synchronized void load() {
    if (loaded) return;
    try {
      load(cache());
    } catch (IOException | LinkageError e) {
      throw new GoodhartException(
          "Hugging Face's tokenizers cannot be loaded on "
              + platform()
              + " ("
              + e.getMessage()
              + "); they are there for linux-x86_64, linux-aarch64, osx-aarch64 and win-x86_64, and"
              + " unpack themselves into the folder .djl.ai of your home, or into the one that"
              + " DJL_CACHE_DIR names",
          e);
    }
    loaded = true;
  }

  @SuppressWarnings("restricted") // ./goodhart allows native access
  private static void load(Path cache) throws IOException {
    String platform = platform();
    String name = System.mapLibraryName("tokenizers");
    List<String> files =
        platform.startsWith("win")
            ? List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", name)
            : List.of(name);
    Path folder = cache.resolve("tokenizers").resolve(version() + "-cpu-" + platform);
    Files.createDirectories(folder);
    for (String file : files) {
      System.load(unpack("native/lib/" + platform + "/cpu/" + file, folder.resolve(file)));
    }
  }

  /** Another process may do the same at the same time: whoever is later replaces like by like. */
  private static String unpack(String resource, Path file) throws IOException {
    URL url = TokenizersLibrary.class.getClassLoader().getResource(resource);
    if (url == null) throw new IOException("no " + resource + " in its jar");
    long size = url.openConnection().getContentLengthLong();
    if (!Files.exists(file) || Files.size(file) != size) {
      Path partial = Files.createTempFile(file.getParent(), ".", ".partial");
      try (InputStream in = url.openStream()) {
        Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    }
    return file.toAbsolutePath().toString();
  }

  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        TokenizersLibrary.class
            .getClassLoader()
            .getResourceAsStream("native/lib/tokenizers.properties")) {
      if (in == null) throw new IOException("no native/lib/tokenizers.properties in its jar");
      properties.load(in);
    }
    return properties.getProperty("version", "unknown");
  }

  private static Path cache() {
    String given = property("DJL_CACHE_DIR");
    return given != null ? Path.of(given) : Path.of(System.getProperty("user.home"), ".djl.ai");
  }

  private static @Nullable String property(String name) {
    String given = System.getenv(name);
    if (given == null) given = System.getProperty(name);
    return given == null || given.isEmpty() ? null : given;
  }

  /** As the folders in the jar are named. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (os.startsWith("win") ? "win" : os.startsWith("mac") ? "osx" : "linux")
        + "-"
        + (arch.equals("amd64") ? "x86_64" : arch.equals("arm64") ? "aarch64" : arch);
  }
}
