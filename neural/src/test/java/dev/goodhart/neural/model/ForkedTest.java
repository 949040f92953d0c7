package dev.goodhart.neural.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ForkedTest {
  private static final Decoder TINY =
      HfFolder.random(DecoderConfig.tiny(50, DecoderConfig.Special.NONE), 3, Device.CPU);

  /** Against each prompt and response as a sequence of its own, with and without a window. */
  @Test
  void aResponseDoesNotKnowThatItsPromptIsShared() {
    SplittableRandom random = new SplittableRandom(5);
    List<int[]> prompts = new ArrayList<>();
    List<int[]> responses = new ArrayList<>();
    for (int p = 0; p < 5; p++) {
      int[] prompt = random.ints(1 + 4 * p, 0, 50).toArray();
      for (int i = 0; i < 9; i++) {
        prompts.add(prompt.clone());
        responses.add(random.ints(1 + random.nextInt(25), 0, 50).toArray());
      }
    }
    for (int window : new int[] {0, 6}) {
      try (Scope scope = Scope.inference()) {
        Forked forked = Forked.of(prompts, responses, window, Device.CPU);
        double[] shared = Ops.doubles(forked.hidden(TINY));
        int width = TINY.config().hidden();
        for (int i = 0; i < prompts.size(); i++) {
          int[] prompt = prompts.get(i);
          int[] response = responses.get(i);
          int[] both = Arrays.copyOf(prompt, prompt.length + response.length);
          System.arraycopy(response, 0, both, prompt.length, response.length);
          double[] alone = Ops.doubles(TINY.hidden(Packed.of(List.of(both), window, Device.CPU)));
          for (int t = 0; t < response.length; t++) {
            int at = (prompt.length - 1 + t) * width;
            int row = Math.toIntExact(forked.before(i, t)) * width;
            assertArrayEquals(
                Arrays.copyOfRange(alone, at, at + width),
                Arrays.copyOfRange(shared, row, row + width),
                1e-5);
          }
        }
      }
    }
  }

  /** Prompts of 3 and 2 tokens, three responses of 1, 4 and 2: 3 + 2 + 0 + 3 + 1. */
  @Test
  void aPromptStandsOnceAndLastTokensNotAtAll() {
    try (Scope scope = Scope.inference()) {
      int[] first = {1, 2, 3};
      Forked forked =
          Forked.of(
              List.of(first, first, new int[] {1, 2}),
              List.of(new int[1], new int[4], new int[2]),
              0,
              Device.CPU);
      assertEquals(9, forked.tokens());
      assertEquals(forked.before(0, 0), forked.before(1, 0));
    }
  }

  /** What goes back through the shared rows: against the same loss over sequences of their own. */
  @Test
  void theGradientIsThatOfSequencesOfTheirOwn() {
    int[] prompt = {7, 8, 9};
    List<int[]> responses = List.of(new int[] {1, 2, 3, 4}, new int[] {1, 5}, new int[] {6});
    try (Scope scope = Scope.training()) {
      Tensor embedding = TINY.weights().get("model.embed_tokens.weight").detach().clone();
      double[] shared = gradient(embedding, prompt, responses, true);
      assertArrayEquals(gradient(embedding, prompt, responses, false), shared, 1e-5);
      assertEquals(true, Arrays.stream(shared).anyMatch(g -> Math.abs(g) > 1e-3));
    }
  }

  private static double[] gradient(
      Tensor embedding, int[] prompt, List<int[]> responses, boolean shared) {
    Tensor leaf = embedding.detach().clone();
    leaf.requires_grad_(true);
    var weights = new java.util.LinkedHashMap<>(TINY.weights());
    weights.put("model.embed_tokens.weight", leaf);
    Decoder decoder = new Decoder(TINY.config(), weights);
    Tensor loss = null;
    Forked forked = Forked.of(List.of(prompt, prompt, prompt), responses, 0, Device.CPU);
    Tensor together = shared ? forked.hidden(decoder) : null;
    for (int i = 0; i < responses.size(); i++) {
      int[] response = responses.get(i);
      int[] both = Arrays.copyOf(prompt, prompt.length + response.length);
      System.arraycopy(response, 0, both, prompt.length, response.length);
      Tensor rows =
          together != null ? together : decoder.hidden(Packed.of(List.of(both), 0, Device.CPU));
      for (int t = 0; t < response.length; t++) {
        long row = shared ? forked.before(i, t) : prompt.length - 1 + t;
        Tensor logits = decoder.logits(Ops.slice(rows, 0, row, row + 1));
        Tensor cost = Ops.mul(Ops.crossEntropy(logits, Device.CPU.longs(response[t])).sum(), i + 1);
        loss = loss == null ? cost : Ops.add(loss, cost);
      }
    }
    if (loss == null) throw new AssertionError("no responses");
    loss.backward();
    return Ops.doubles(leaf.grad());
  }
}
