package dev.goodhart.signal.hashed;

import dev.goodhart.run.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Parts prompts three ways: those that weights are learnt from, those that decide when to stop and
 * set the temperature, and those that measure the result. Prompts that are nearly the same text go
 * together.
 */
final class Split {
  enum Part {
    TRAINING,
    DEVELOPMENT,
    HELD_OUT
  }

  /** A family this large would leave too little for one side or the other. */
  private static final double LARGE = 0.05;

  private Split() {}

  /**
   * Whether so many prompts are nearly the same text (a template, a long system prompt) that
   * keeping them together is no split; each then stands for itself.
   */
  static boolean isTemplated(int[] family) {
    int[] sizes = new int[family.length];
    int largest = 0;
    for (int f : family) {
      largest = Math.max(largest, ++sizes[f]);
    }
    return largest > Math.max(10, LARGE * family.length);
  }

  /**
   * Parts at random, whole families at a time.
   *
   * @param family of each prompt
   * @param fixed prompts that are held out already; their families follow them. When there is one,
   *     no others are held out
   * @param heldOut the share of prompts to hold out
   * @param development the share of the other prompts that is set aside for decisions
   */
  static Part[] of(int[] family, boolean[] fixed, double heldOut, double development, Seeds seeds) {
    Map<Integer, List<Integer>> families = new LinkedHashMap<>();
    for (int prompt = 0; prompt < family.length; prompt++) {
      families.computeIfAbsent(family[prompt], f -> new ArrayList<>()).add(prompt);
    }
    Part[] parts = new Part[family.length];
    Arrays.fill(parts, Part.TRAINING);
    List<List<Integer>> open = new ArrayList<>();
    int left = 0;
    boolean any = false;
    for (List<Integer> members : families.values()) {
      if (members.stream().anyMatch(p -> fixed[p])) {
        members.forEach(p -> parts[p] = Part.HELD_OUT);
        any = true;
      } else {
        open.add(members);
        left += members.size();
      }
    }
    shuffle(open, seeds.of("split"));
    int out = any ? 0 : (int) Math.round(heldOut * left);
    int decide = (int) Math.round(development * (left - out));
    for (List<Integer> members : open) {
      Part part = Part.TRAINING;
      if (members.size() <= out) {
        part = Part.HELD_OUT;
        out -= members.size();
      } else if (members.size() <= decide) {
        part = Part.DEVELOPMENT;
        decide -= members.size();
      }
      for (int prompt : members) {
        parts[prompt] = part;
      }
    }
    return parts;
  }

  private static void shuffle(List<List<Integer>> list, SplittableRandom random) {
    for (int i = list.size() - 1; i > 0; i--) {
      java.util.Collections.swap(list, i, random.nextInt(i + 1));
    }
  }
}
