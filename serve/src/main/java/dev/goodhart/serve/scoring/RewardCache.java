package dev.goodhart.serve.scoring;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewards of models and slow signals that are known already, by signal, its version and the
 * sample's digest. What was not scored is never kept.
 */
final class RewardCache implements AutoCloseable {
  private record Key(String signal, String digest) {}

  private final Cache<Key, Reward> memory;
  private final Map<String, String> versions;
  private final @Nullable DiskCache disk;

  /**
   * @param versions of the signals whose rewards are kept
   */
  RewardCache(Load load, Map<String, String> versions) {
    memory = Caffeine.newBuilder().maximumSize(load.cache()).build();
    this.versions = new HashMap<>(versions);
    disk = load.disk().map(DiskCache::new).orElse(null);
  }

  @Nullable Reward get(String signal, String digest) {
    Key key = new Key(signal, digest);
    Reward known = memory.getIfPresent(key);
    if (known == null && disk != null) {
      known = disk.get(versions.get(signal) + digest);
      if (known != null) {
        memory.put(key, known);
      }
    }
    return known;
  }

  void put(String signal, String digest, Reward reward) {
    if (reward instanceof Scored scored) {
      memory.put(new Key(signal, digest), scored);
      if (disk != null) {
        disk.put(versions.get(signal) + digest, scored);
      }
    }
  }

  @Override
  public void close() {
    if (disk != null) {
      disk.close();
    }
  }
}
