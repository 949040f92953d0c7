package dev.goodhart.signal.fit;

import dev.goodhart.GoodhartException;
import dev.goodhart.report.Figure;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.TrainingPrompts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Parts prompts three ways: those that weights are learnt from, those that decide when to stop and
 * set the temperature, and those that measure the result. Prompts that are nearly the same text go
 * together.
 *
 * @param data all that was read
 * @param parts where each prompt went
 * @param templated whether so many prompts are nearly the same text that only equal ones are kept
 *     together
 * @param training judgements that weights are learnt from; those of weight 0 are in no part
 * @param development judgements that decide
 * @param heldOut judgements that measure
 * @param tooAlike how many judgements are left out because their prompts are nearly those that the
 *     user holds out
 */
public record Split(
    PreferenceData data,
    Part[] parts,
    boolean templated,
    List<Judgement> training,
    List<Judgement> development,
    List<Judgement> heldOut,
    int tooAlike) {
  /** What a prompt is for. */
  public enum Part {
    TRAINING,
    DEVELOPMENT,
    HELD_OUT
  }

  /** A family this large would leave too little for one side or the other. */
  private static final double LARGE = 0.05;

  /** With fewer development judgements than this, passes and temperature are next to guessed. */
  private static final int FEW = 50;

  /**
   * Splits by the seed.
   *
   * @param heldOut the share of prompts to hold out, unless the user holds some out already
   * @param development the share of the other prompts that decides
   * @throws GoodhartException if nothing is left to learn from
   */
  public static Split of(PreferenceData data, double heldOut, double development, Seeds seeds) {
    boolean templated = isTemplated(data.family());
    int[] together =
        templated ? IntStream.range(0, data.prompts().length).toArray() : data.family();
    Part[] parts = parts(together, data.fixed(), heldOut, development, seeds);
    List<Judgement> training = of(data, parts, Part.TRAINING);
    List<Judgement> decide = of(data, parts, Part.DEVELOPMENT);
    List<Judgement> out = of(data, parts, Part.HELD_OUT);
    boolean file = IntStream.range(0, parts.length).anyMatch(p -> data.fixed()[p]);
    List<Judgement> measure =
        file ? out.stream().filter(j -> data.fixed()[j.prompt()]).toList() : out;
    if (training.isEmpty()) {
      throw new GoodhartException(
          "nothing to learn from: of "
              + data.judgements().size()
              + " comparisons and labels "
              + measure.size()
              + " are held out and "
              + decide.size()
              + " set aside");
    }
    return new Split(
        data, parts, templated, training, decide, measure, out.size() - measure.size());
  }

  /** Judgements that say which is better; those of weight 0 say nothing. */
  private static List<Judgement> of(PreferenceData data, Part[] parts, Part part) {
    return data.judgements().stream()
        .filter(j -> parts[j.prompt()] == part && j.weight() > 0)
        .toList();
  }

  /** The prompts that take part in the fit, for the model to know them again. */
  public TrainingPrompts seen() {
    return new TrainingPrompts(
        IntStream.range(0, parts.length)
            .filter(p -> parts[p] != Part.HELD_OUT)
            .mapToLong(p -> data.prompts()[p])
            .toArray());
  }

  /**
   * What the fit came from.
   *
   * @param passes for each member, after how many it was at its best
   */
  public Fit.Training counts(List<Integer> passes, Temperature temperature) {
    int labels = (int) training.stream().filter(Judgement::isLabel).count();
    return new Fit.Training(
        count(Part.TRAINING),
        training.size() - labels,
        labels,
        count(Part.DEVELOPMENT),
        development.size(),
        passes,
        1 / temperature.slope());
  }

  private int count(Part part) {
    return (int) Arrays.stream(parts).filter(p -> p == part).count();
  }

  /** Measures on the prompts that were held out; see {@link HeldOut#of}. */
  public HeldOut measure(double[] rewards, long seed) {
    return HeldOut.of(heldOut, rewards, data.lengths(), seed);
  }

  /**
   * What a user should know of data and split.
   *
   * @param passes how many a fit takes that nothing stops
   */
  public List<String> notes(Temperature temperature, int passes) {
    List<String> notes = new ArrayList<>();
    if (development.isEmpty()) {
      notes.add(
          "No prompt was set aside, so the model took all "
              + passes
              + " passes and its rewards are not calibrated.");
    } else if (development.size() < FEW) {
      notes.add(
          "Passes and temperature rest on "
              + development.size()
              + " comparisons and labels: too few to be sure of.");
    } else if (temperature.slope() <= Temperature.LEAST) {
      notes.add(
          "On the prompts that were set aside the rewards are no better than chance: there is"
              + " nothing in the data that this model can learn.");
    }
    if (data.skipped() > 0) {
      notes.add(Figure.count(data.skipped()) + " bad rows were skipped.");
    }
    if (tooAlike > 0) {
      notes.add(
          Figure.count(tooAlike)
              + " comparisons and labels were left out: their prompts are nearly the same as"
              + " held-out ones.");
    }
    if (data.unused() > 0) {
      notes.add(
          Figure.count(data.unused())
              + " responses or prompts without a verdict were of no use here.");
    }
    if (templated) {
      notes.add(
          "Many prompts are nearly the same text, so only equal ones are kept on one side of the"
              + " split; what is held out may be easier than new prompts.");
    }
    if (heldOut.isEmpty()) {
      notes.add("Nothing was held out, so nobody knows how good the model is.");
    }
    return notes;
  }

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
  static Part[] parts(
      int[] family, boolean[] fixed, double heldOut, double development, Seeds seeds) {
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
      Collections.swap(list, i, random.nextInt(i + 1));
    }
  }
}
