package dev.goodhart.neural.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.goodhart.GoodhartException;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * The one place that loads libtorch. Whoever touches a tensor calls {@link #load()} first; the
 * first call takes a second or two, later ones nothing.
 *
 * <p><b>Threads.</b> libtorch's own threads and those of OpenBLAS, which does its matrix products,
 * fight over the cores when both are at their default: those of libtorch wait for work by spinning,
 * and a training step takes four to five times as long. So they are told to sleep ({@code
 * GOMP_SPINCOUNT=0}, unless the environment says how they shall wait), and both get the cores.
 * {@code -Dgoodhart.threads=N} says otherwise: 1 is right on a machine that others use, too. {@code
 * OPENBLAS_NUM_THREADS} is left alone where a cluster has set it.
 */
public final class Torch {
  private static boolean loaded;

  /**
   * Held by whoever computes, and for good by the end of the JVM: libtorch takes itself down when
   * the process exits, and a thread that is still computing then would crash it.
   */
  private static final ReentrantReadWriteLock WORK = new ReentrantReadWriteLock();

  /** How long the end of the JVM waits for a pass that is under way. */
  private static final int PATIENCE_SECONDS = 30;

  private Torch() {}

  /**
   * Loads libtorch, once in the life of the JVM.
   *
   * @throws GoodhartException if it cannot be loaded, saying what to do about it
   */
  public static synchronized void load() {
    if (loaded) return;
    int threads = threads();
    refuseAnother(System.getProperty("java.library.path", ""));
    // JavaCPP's own limits are multiples of the Java heap, which says nothing of native memory.
    for (String limit : List.of("maxBytes", "maxPhysicalBytes")) {
      String key = "org.bytedeco.javacpp." + limit;
      if (System.getProperty(key) == null) System.setProperty(key, "0");
    }
    try {
      boolean sleeping = letThreadsSleep();
      Loader.load(torch.class);
      torch.set_num_threads(sleeping ? threads : 1);
      if (System.getenv("OPENBLAS_NUM_THREADS") == null) {
        openblas_nolapack.blas_set_num_threads(threads);
      }
    } catch (LinkageError e) {
      throw new GoodhartException(
          "libtorch cannot be loaded on "
              + Loader.getPlatform()
              + " ("
              + e.getMessage()
              + "); it is there for linux-x86_64, macosx-arm64, macosx-x86_64 and windows-x86_64,"
              + " and unpacks itself into the folder .javacpp of your home, or into the one that"
              + " -Dorg.bytedeco.javacpp.cachedir names",
          e);
    }
    loaded = true;
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(Torch::stop));
    } catch (IllegalStateException e) {
      // The JVM is ending already.
    }
  }

  /**
   * Has the threads of OpenMP sleep while they wait. Its library reads this when it is loaded, and
   * Java cannot change the environment of its own process.
   *
   * @return whether they will: elsewhere than on Linux nobody knows
   */
  private static boolean letThreadsSleep() {
    if (System.getenv("GOMP_SPINCOUNT") != null || System.getenv("OMP_WAIT_POLICY") != null) {
      return true;
    }
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty() || !System.getProperty("os.name").equals("Linux")) return false;
    FunctionDescriptor types = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom("GOMP_SPINCOUNT");
      return (int)
              linker
                  .downcallHandle(setenv.get(), types)
                  .invokeExact(name, arena.allocateFrom("0"), 0)
          == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("setenv", e);
    }
  }

  /** Begins to compute on this thread; waits for ever once the JVM is ending. */
  static void enter() {
    WORK.readLock().lock();
  }

  /** What {@link #enter} began is over; on the same thread. */
  static void leave() {
    WORK.readLock().unlock();
  }

  private static void stop() {
    try {
      if (!WORK.writeLock().tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("goodhart: ending in the middle of a computation");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many threads a matrix product may use. */
  static int threads() {
    String given = System.getProperty("goodhart.threads");
    if (given == null) return Runtime.getRuntime().availableProcessors();
    try {
      int threads = Integer.parseInt(given);
      if (threads >= 1) return threads;
    } catch (NumberFormatException e) {
      // The message below says it.
    }
    throw new GoodhartException(
        "-Dgoodhart.threads=" + given + ": expected a number of at least 1");
  }

  /**
   * A libtorch elsewhere on {@code java.library.path} would be loaded half in place of ours, and
   * the JVM would crash without a word.
   */
  static void refuseAnother(String libraryPath) {
    for (String folder : libraryPath.split(File.pathSeparator)) {
      if (folder.isEmpty() || !Files.isDirectory(Path.of(folder))) continue;
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(Path.of(folder), "{lib,}torch{,_cpu}.{so,so.*,dylib,dll}")) {
        for (Path library : found) {
          throw new GoodhartException(
              library
                  + ": another libtorch on java.library.path would crash the JVM; start Java with"
                  + " -Djava.library.path= as ./goodhart does");
        }
      } catch (IOException e) {
        // A folder that cannot be listed holds nothing that could be loaded.
      }
    }
  }
}
