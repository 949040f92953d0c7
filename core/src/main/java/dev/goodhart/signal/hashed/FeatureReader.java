package dev.goodhart.signal.hashed;

import dev.goodhart.Prompt;
import dev.goodhart.signal.fit.Responses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads the features of responses on other threads while the caller parses the next rows; what
 * comes out does not depend on which thread was faster. Texts are not kept.
 */
final class FeatureReader implements Responses, AutoCloseable {
  /** Responses to a task: enough that handing them over costs nothing beside reading them. */
  private static final int BATCH = 64;

  private record Text(Prompt prompt, String response) {}

  private final HashedBradleyTerry method;
  private final ExecutorService readers;
  private final Semaphore ahead;
  private List<Text> batch = new ArrayList<>(BATCH);
  private final List<CompletableFuture<Features[]>> read = new ArrayList<>();

  FeatureReader(HashedBradleyTerry method) {
    this(method, Runtime.getRuntime().availableProcessors());
  }

  FeatureReader(HashedBradleyTerry method, int threads) {
    this.method = method;
    this.readers = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    this.ahead = new Semaphore(8 * threads);
  }

  @Override
  public void add(Prompt prompt, String response) {
    batch.add(new Text(prompt, response));
    if (batch.size() == BATCH) {
      handOver();
    }
  }

  private void handOver() {
    List<Text> texts = batch;
    batch = new ArrayList<>(BATCH);
    ahead.acquireUninterruptibly();
    read.add(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return features(texts);
              } finally {
                ahead.release();
              }
            },
            readers));
  }

  @SuppressWarnings("ReferenceEquality") // a prompt is the same object for all of its responses
  private Features[] features(List<Text> texts) {
    Extractor extractor = new Extractor(method.bits(), method.groups());
    Features[] features = new Features[texts.size()];
    @Nullable Prompt prompt = null;
    Overlap.Words words = Overlap.Words.NONE;
    for (int i = 0; i < features.length; i++) {
      Text text = texts.get(i);
      if (text.prompt() != prompt) { // responses to one prompt mostly follow each other
        prompt = text.prompt();
        words = extractor.words(prompt.text());
      }
      features[i] = extractor.of(words, text.response());
    }
    return features;
  }

  /** The features of all responses, in the order in which they came. */
  Features[] all() {
    handOver();
    return read.stream()
        .map(CompletableFuture::join)
        .flatMap(Arrays::stream)
        .toArray(Features[]::new);
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
