package dev.goodhart.objective;

import static dev.goodhart.neural.engine.Ops.doubles;
import static dev.goodhart.neural.engine.Ops.item;
import static dev.goodhart.objective.Gradients.tensor;
import static dev.goodhart.objective.Gradients.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goodhart.neural.engine.Scope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ratings, outcomes, steps and yes-tokens. */
class PointObjectiveTest {
  private static final double NONE = Double.NaN;
  private static final double LN3 = Math.log(3);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.training();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void ratingsThatAreMissingAreNoZeros() {
    var regression = new AttributeRegression(List.of("helpful", "verbose"), List.of());
    Tensor outputs = tensor(new double[] {1, 5}, new double[] {2, 3}).set_requires_grad(true);
    Tensor ratings = tensor(new double[] {4, NONE}, new double[] {1, 3.5});
    Tensor rated = tensor(new double[] {1, 0}, new double[] {1, 1});
    Tensor cost = regression.loss(outputs, ratings, rated);
    cost.backward();

    // (9 + 1 + 0.25) / 3, and its slopes 2 · error / 3.
    assertEquals(10.25 / 3, item(cost), 1e-15);
    assertArrayEquals(new double[] {-2, 0, 2 / 3.0, -1 / 3.0}, doubles(outputs.grad()), 1e-15);
  }

  @Test
  void aBatchThatNobodyRatedMovesNothing() {
    var regression = new AttributeRegression(List.of("helpful", "verbose"), List.of());
    Tensor outputs = tensor(new double[] {1, 5}, new double[] {2, 3}).set_requires_grad(true);
    Tensor nothing = tensor(new double[] {NONE, NONE}, new double[] {NONE, NONE});
    Tensor cost =
        regression.loss(outputs, nothing, tensor(new double[] {0, 0}, new double[] {0, 0}));
    cost.backward();

    assertEquals(0, item(cost), 0);
    assertArrayEquals(new double[4], doubles(outputs.grad()), 0);
  }

  @Test
  void attributesMayWeighDifferently() {
    var regression = new AttributeRegression(List.of("helpful", "verbose"), List.of(3.0, 1.0));
    double cost =
        item(
            regression.loss(
                tensor(new double[] {1, 5}, new double[] {2, 3}),
                tensor(new double[] {4, 4}, new double[] {1, 3})));

    // (3·9 + 1·1 + 3·1 + 1·0) / 8
    assertEquals(31 / 8.0, cost, 1e-15);
  }

  @Test
  void outcomesCostTheLogOfTheirProbability() {
    // σ(ln 3) = 3/4: right costs ln 4/3, wrong ln 4; counted twice, the right one weighs 2.
    Tensor z = vector(LN3, LN3);

    assertEquals(
        (Math.log(4 / 3.0) + Math.log(4)) / 2,
        item(new BinaryOutcome(1).loss(z, vector(1, 0))),
        1e-15);
    assertEquals(
        (2 * Math.log(4 / 3.0) + Math.log(4)) / 2,
        item(new BinaryOutcome(2).loss(z, vector(1, 0))),
        1e-15);
    assertEquals(5000, item(new BinaryOutcome(1).loss(vector(5000), vector(0))), 1e-9);
  }

  /** Numbers of PyTorch in Python: binary_cross_entropy_with_logits, in 64 bits. */
  @Test
  void outcomesCostWhatPyTorchSays() {
    Tensor z = vector(0.3, -1.2, 2.5, 0);
    Tensor p = vector(1, 0.25, 0.9, 0.5);

    assertEquals(0.5349186566647633, item(new BinaryOutcome(1).loss(z, p)), 1e-15);
    assertEquals(1.0365749863321265, item(new BinaryOutcome(2.5).loss(z, p)), 1e-15);
    assertEquals(
        0.4453452295238854, item(new BinaryOutcome(1).loss(z, p, vector(1, 0, 2, 0.5))), 1e-15);
  }

  @Test
  void aSoftLabelCostsLeastAtItself() {
    Tensor z = vector(LN3).set_requires_grad(true);
    new BinaryOutcome(1).loss(z, vector(0.75)).backward();

    assertEquals(0, item(z.grad()), 1e-16);
  }

  @Test
  void stepsAreReadAtTheirEndsAlone() {
    Tensor z =
        tensor(new double[] {9, LN3, 9, 0}, new double[] {NONE, NONE, -LN3, NONE})
            .set_requires_grad(true);
    Tensor labels = tensor(new double[] {NONE, 1, -100, 0.5}, new double[] {0, 0, 0, 0});
    Tensor ends = tensor(new double[] {0, 1, 0, 1}, new double[] {0, 0, 1, 0});
    Tensor cost = new StepOutcome(1).loss(z, labels, ends);
    cost.backward();

    assertEquals((Math.log(4 / 3.0) + Math.log(2) + Math.log(4 / 3.0)) / 3, item(cost), 1e-15);
    assertArrayEquals(
        new double[] {0, -0.25 / 3, 0, 0, 0, 0, 0.25 / 3, 0}, doubles(z.grad()), 1e-15);
  }

  /** A number of PyTorch in Python: cross_entropy with ignore_index, in 64 bits. */
  @Test
  void classesOfStepsCostWhatPyTorchSays() {
    var classes = new StepClasses(List.of(-1.0, 0.0, 1.0));
    Tensor logits =
        tensor(
            new double[] {0.1, 0.2, -0.3},
            new double[] {1, -1, 0.5},
            new double[] {2, 0, 0},
            new double[] {-1, 3, 0.2});

    assertEquals(
        0.6839785842817422,
        item(classes.loss(logits, Tensor.create(2L, 0L, -100L, 1L), vector(1, 1, 0, 1))),
        1e-15);
  }

  @Test
  void aStepIsWorthWhatItsClassesAre() {
    // Probabilities 1/8, 2/8, 5/8.
    Tensor logits = tensor(new double[][] {{0, Math.log(2), Math.log(5)}, {0, 0, 0}});

    assertArrayEquals(
        new double[] {0.5, 0},
        doubles(new StepClasses(List.of(-1.0, 0.0, 1.0)).score(logits)),
        1e-15);
  }

  @Test
  void theAnswersOddsAreTheScore() {
    // Yes-tokens 1 and 3 say e^0 + e^ln2 = 3, the no-token 2 says 1, token 0 is neither.
    Tensor logits = tensor(new double[][] {{5, 0, 0, Math.log(2)}, {-5, 0, 0, Math.log(2)}});
    var answers = new YesToken(List.of(1, 3), List.of(2), YesToken.Over.ANSWERS);

    assertArrayEquals(new double[] {LN3, LN3}, doubles(answers.score(logits)), 1e-15);
    assertEquals(
        (Math.log(4 / 3.0) + 3 * Math.log(4)) / 4,
        item(answers.loss(logits, vector(1, 0), vector(1, 3))),
        1e-14);
    // Over the vocabulary {7, 1, 1, 2}: yes has 3 of 11, no 1 of 11.
    var all = new YesToken(List.of(1, 3), List.of(2), YesToken.Over.VOCABULARY);
    Tensor seven = tensor(new double[][] {{Math.log(7), 0, 0, Math.log(2)}}).unsqueeze(0);
    assertEquals(
        -(0.6 * Math.log(3 / 11.0) + 0.4 * Math.log(1 / 11.0)),
        item(all.loss(seven, vector(0.6), vector(1))),
        1e-14);
  }

  @Test
  void gradientsAgreeWithFiniteDifferences() {
    double[][] outputs = {{0.3, -1.2, 2.5}, {1.1, 0.2, -0.4}};
    Tensor labels = tensor(new double[] {1, 0.3, 0}, new double[] {0.5, 0.9, 1});
    Tensor weight = tensor(new double[] {1, 0, 2}, new double[] {0.5, 1, 1});
    var regression = new AttributeRegression(List.of("a", "b", "c"), List.of(1.0, 2.0, 0.5));
    var classes = new StepClasses(List.of(-1.0, 0.0, 1.0));

    Gradients.agree(t -> regression.loss(t.get(0), labels, weight), outputs);
    Gradients.agree(t -> new BinaryOutcome(1.7).loss(t.get(0), labels, weight), outputs);
    Gradients.agree(t -> new StepOutcome(0.6).loss(t.get(0), labels, weight), outputs);
    Gradients.agree(t -> classes.loss(t.get(0), Tensor.create(2L, 0L), vector(1, 0.5)), outputs);
    Gradients.agree(t -> classes.score(t.get(0)).sum(), outputs);
    for (var over : YesToken.Over.values()) {
      var yes = new YesToken(List.of(0), List.of(1), over);
      Gradients.agree(t -> yes.loss(t.get(0), vector(0.3, 1), vector(1, 2)), outputs);
    }
  }

  @Test
  void shapesThatDifferAreNamed() {
    var regression = new AttributeRegression(List.of("a", "b"), List.of());
    refused(
        "outputs has shape [3], expected [batch, 2]",
        () -> regression.loss(vector(1, 2, 3), vector(1, 2, 3)));
    refused(
        "labels has shape [1], outputs has [2]",
        () -> new BinaryOutcome(1).loss(vector(1, 2), vector(1)));
    refused(
        "weight has shape [1], outputs has [2]",
        () -> new StepOutcome(1).loss(vector(1, 2), vector(1, 1), vector(1)));
    refused(
        "labels has shape [2], outputs without its last dimension has [1]",
        () ->
            new StepClasses(List.of(0.0, 1.0))
                .loss(vector(1, 2).unsqueeze(0), vector(1, 1), vector(1, 1)));
    var yes = new YesToken(List.of(7), List.of(1), YesToken.Over.ANSWERS);
    refused("token 7 is not in the vocabulary of 2", () -> yes.score(vector(1, 2).unsqueeze(0)));
  }

  @Test
  void parametersThatMeanNothingAreRefused() {
    refused("positive-weight must be finite and above 0, not 0.0", () -> new BinaryOutcome(0));
    refused(
        "weights must be one for each of [a, b], not [1.0]",
        () -> new AttributeRegression(List.of("a", "b"), List.of(1.0)));
    refused(
        "attributes must be named once each, not [a, a]",
        () -> new AttributeRegression(List.of("a", "a"), List.of()));
    refused(
        "no must not hold tokens of yes: [2]",
        () -> new YesToken(List.of(1, 2), List.of(2), YesToken.Over.ANSWERS));
    refused(
        "yes must be one or more numbers of tokens, each once, not []",
        () -> new YesToken(List.of(), List.of(2), YesToken.Over.ANSWERS));
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable what) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
  }
}
