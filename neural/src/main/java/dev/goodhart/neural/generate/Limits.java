package dev.goodhart.neural.generate;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much a generator may take at once.
 *
 * @param rows how many responses are written at a time, at least 1. More rows give more tokens a
 *     second, each of them later
 * @param context how many tokens a prompt and its response may have together; 0 for what the model
 *     allows, 4096 at most
 * @param cacheBytes how much memory the cache of keys and values may take
 * @param promptTokens how many tokens of new prompts are read in one pass at most (a longer prompt
 *     is read alone); bounds the memory of the pass
 */
public record Limits(int rows, int context, long cacheBytes, int promptTokens) {
  /** 16 rows, half of the machine's memory for the cache, 2048 tokens of prompts a pass. */
  public static final Limits DEFAULT = new Limits(16, 0, memory() / 2, 2048);

  public Limits {
    if (rows < 1) throw new IllegalArgumentException("rows must be at least 1, not " + rows);
    if (context < 0) {
      throw new IllegalArgumentException("context must be at least 0, not " + context);
    }
    if (cacheBytes < 1) {
      throw new IllegalArgumentException("cacheBytes must be at least 1, not " + cacheBytes);
    }
    if (promptTokens < 1) {
      throw new IllegalArgumentException("promptTokens must be at least 1, not " + promptTokens);
    }
  }

  private static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  public Limits withRows(int value) {
    return new Limits(value, context, cacheBytes, promptTokens);
  }

  public Limits withContext(int value) {
    return new Limits(rows, value, cacheBytes, promptTokens);
  }

  public Limits withCacheBytes(long value) {
    return new Limits(rows, context, value, promptTokens);
  }

  public Limits withPromptTokens(int value) {
    return new Limits(rows, context, cacheBytes, value);
  }
}
