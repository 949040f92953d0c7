package dev.goodhart.serve.journal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the batches with an {@code Idempotency-Key} stand, the latest of them. */
final class Keys {
  private static final int MOST = 100_000;

  /**
   * Where the lines of a batch stand.
   *
   * @param offset in bytes
   * @param length in bytes
   */
  record Place(Segment segment, long offset, int length) {}

  private final LinkedHashMap<String, Place> places = new LinkedHashMap<>();

  /** The same key of two clients is two keys. */
  static String of(String client, String key) {
    return client + "\n" + key;
  }

  synchronized @Nullable Place get(String key) {
    return places.get(key);
  }

  synchronized void put(String key, Place place) {
    places.putLast(key, place);
    if (places.size() > MOST) places.pollFirstEntry();
  }

  synchronized void putAll(Map<String, Place> others) {
    others.forEach(this::put);
  }

  /** The file is gone. */
  synchronized void forget(Segment segment) {
    places.values().removeIf(place -> place.segment().equals(segment));
  }
}
