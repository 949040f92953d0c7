package dev.goodhart.lab.experiment;

import dev.goodhart.Scored;
import dev.goodhart.lab.Claim;
import dev.goodhart.lab.Experiment;
import dev.goodhart.lab.Outcome;
import dev.goodhart.run.Seeds;
import dev.goodhart.verify.text.Bmas;
import dev.goodhart.verify.text.Bmas.Mean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * System 154, the measure for open-ended answers: does the similarity in both directions order
 * captions better than in one, and does it withstand stuffing?
 *
 * <p><b>World.</b> Captions name four of forty concepts, each by one of three words whose vectors
 * have a cosine of 0.8, with stop words between. A candidate leaves out some of a reference's
 * concepts, adds others and chooses its words anew. Gold is the F1 of the concepts.
 *
 * <p><b>Method.</b> {@link Bmas}, arithmetic and harmonic. <b>Baselines.</b> Its forward and its
 * backward part, and equality of the texts.
 *
 * <p><b>Measure.</b> Kendall's tau-b with gold over pairs of candidates; then the attack: all words
 * appended to a caption that is half right. Training on the mixture of types is not shown here yet.
 *
 * @param candidates that are compared
 * @param dimensions of the vectors
 */
public record CaptionSimilarity(int candidates, int dimensions) implements Experiment {
  public static final CaptionSimilarity DEFAULT = new CaptionSimilarity(200, 64);

  private static final int CONCEPTS = 40;
  private static final int WORDS = 3;
  private static final int STOPS = 8;
  private static final int NAMED = 4;

  @Override
  public int system() {
    return 154;
  }

  @Override
  public String name() {
    return "caption-similarity";
  }

  @Override
  public String title() {
    return "Agreement with the F1 of concepts of BMAS against its two directions and against equal"
        + " texts";
  }

  @Override
  public String tuning() {
    return "No parameter was chosen by looking at outcomes; seeds 1001 to 1004 were seen during"
        + " development.";
  }

  @Override
  public Axis axis() {
    return new Axis("words appended", List.of(0.0, 30.0, 60.0, 90.0, 120.0));
  }

  @Override
  public List<Claim> claims() {
    return List.of(
        Claim.above(
            "over-forward", "BMAS agrees more with gold than forward alone", "bmas", "forward"),
        Claim.above(
            "over-backward", "BMAS agrees more with gold than backward alone", "bmas", "backward"),
        Claim.above(
            "over-exact", "BMAS agrees more with gold than equality of the texts", "bmas", "exact"),
        Claim.above(
            "harmonic", "the harmonic mean agrees more than the arithmetic", "harmonic", "bmas"),
        Claim.below(
            "stuffing-lowers-forward",
            "all words appended to a caption half right lower forward",
            "stuffed forward",
            "plain forward"),
        Claim.below(
            "stuffing-lowers-bmas",
            "all words appended to a caption half right lower BMAS",
            "stuffed bmas",
            "plain bmas"),
        Claim.below(
            "stuffing-lowers-harmonic",
            "all words appended to a caption half right lower the harmonic mean",
            "stuffed harmonic",
            "plain harmonic"));
  }

  @Override
  public Experiment smoke() {
    return new CaptionSimilarity(30, dimensions);
  }

  @Override
  public Outcome run(Seeds seeds) {
    float[][] vectors = vectors(seeds.of("vectors"));
    SplittableRandom random = seeds.of("captions");
    Map<String, double[]> scores = new LinkedHashMap<>();
    for (String name : List.of("bmas", "harmonic", "forward", "backward", "exact")) {
      scores.put(name, new double[candidates]);
    }
    double[] gold = new double[candidates];
    int points = axis().points().size();
    double[][] attacked = new double[3][points];
    for (int i = 0; i < candidates; i++) {
      int[] concepts = IntStream.range(0, CONCEPTS).toArray();
      shuffle(concepts, random);
      int[] named = Arrays.copyOf(concepts, NAMED);
      int kept = random.nextInt(NAMED + 1);
      int added = random.nextInt(NAMED + 1);
      int[] said = new int[kept + added];
      System.arraycopy(concepts, 0, said, 0, kept);
      System.arraycopy(concepts, NAMED, said, kept, added);
      gold[i] = kept == 0 ? 0 : 2.0 * kept / (kept + added + NAMED);
      List<Integer> reference = caption(named, random);
      List<Integer> response = caption(said, random);
      double[] three = three(response, reference, vectors);
      int at = i;
      double[] all = {
        three[0], three[1], three[2], three[3], response.equals(reference) ? 1.0 : 0.0
      };
      int k = 0;
      for (double[] column : scores.values()) {
        column[at] = all[k++];
      }
      List<Integer> half = caption(Arrays.copyOf(concepts, NAMED / 2), random);
      for (int p = 0; p < points; p++) {
        List<Integer> stuffed = new ArrayList<>(half);
        IntStream.range(0, axis().points().get(p).intValue()).forEach(stuffed::add);
        double[] of = three(stuffed, reference, vectors);
        for (int s = 0; s < 3; s++) {
          attacked[s][p] += of[s] / candidates;
        }
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    scores.forEach((name, values) -> figures.put(name, tau(values, gold)));
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    List<String> names = List.of("bmas", "harmonic", "forward");
    for (int s = 0; s < names.size(); s++) {
      curves.put(names.get(s), Arrays.stream(attacked[s]).boxed().toList());
      figures.put("plain " + names.get(s), attacked[s][0]);
      figures.put("stuffed " + names.get(s), attacked[s][points - 1]);
    }
    return new Outcome(figures, curves);
  }

  /** BMAS, harmonic, forward, backward. */
  private static double[] three(List<Integer> text, List<Integer> reference, float[][] vectors) {
    List<float[]> p = text.stream().map(w -> vectors[w]).toList();
    List<float[]> g = reference.stream().map(w -> vectors[w]).toList();
    Scored scored = Bmas.of(p, g, Mean.ARITHMETIC);
    return new double[] {
      scored.value(),
      Bmas.of(p, g, Mean.HARMONIC).value(),
      part(scored, "forward"),
      part(scored, "backward")
    };
  }

  private static double part(Scored scored, String name) {
    return scored.parts().get(name) instanceof Scored part ? part.value() : Double.NaN;
  }

  /** One word for each concept, a stop word behind each, and one where nothing is named. */
  private static List<Integer> caption(int[] concepts, SplittableRandom random) {
    List<Integer> words = new ArrayList<>();
    words.add(CONCEPTS * WORDS + random.nextInt(STOPS));
    for (int concept : concepts) {
      words.add(concept * WORDS + random.nextInt(WORDS));
      words.add(CONCEPTS * WORDS + random.nextInt(STOPS));
    }
    return words;
  }

  /** Words of a concept: sqrt(0.8) of a common direction and sqrt(0.2) of their own. */
  private float[][] vectors(SplittableRandom random) {
    float[][] vectors = new float[CONCEPTS * WORDS + STOPS][];
    for (int c = 0; c < CONCEPTS; c++) {
      double[] common = direction(random);
      for (int w = 0; w < WORDS; w++) {
        double[] own = direction(random);
        double[] sum = new double[dimensions];
        Arrays.setAll(sum, d -> Math.sqrt(0.8) * common[d] + Math.sqrt(0.2) * own[d]);
        vectors[c * WORDS + w] = unit(sum);
      }
    }
    for (int s = CONCEPTS * WORDS; s < vectors.length; s++) {
      vectors[s] = unit(direction(random));
    }
    return vectors;
  }

  private double[] direction(SplittableRandom random) {
    double[] x = new double[dimensions];
    Arrays.setAll(x, d -> random.nextGaussian());
    double length = Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    return Arrays.stream(x).map(v -> v / length).toArray();
  }

  private static float[] unit(double[] x) {
    double length = Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    float[] unit = new float[x.length];
    for (int d = 0; d < x.length; d++) {
      unit[d] = (float) (x[d] / length);
    }
    return unit;
  }

  private static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int held = values[i];
      values[i] = values[j];
      values[j] = held;
    }
  }

  /** Kendall's tau-b; 0 where one side is all ties. */
  static double tau(double[] x, double[] y) {
    double sum = 0;
    double xs = 0;
    double ys = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < i; j++) {
        double a = Math.signum(x[i] - x[j]);
        double b = Math.signum(y[i] - y[j]);
        sum += a * b;
        xs += a * a;
        ys += b * b;
      }
    }
    return xs == 0 || ys == 0 ? 0 : sum / Math.sqrt(xs * ys);
  }
}
