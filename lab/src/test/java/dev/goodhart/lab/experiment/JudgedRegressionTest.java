package dev.goodhart.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.lab.experiment.JudgedRegression.Question;
import dev.goodhart.run.Seeds;
import org.junit.jupiter.api.Test;

class JudgedRegressionTest {
  /** Without data the model is its prior: mean 0, and the deviation of the teacher's answers. */
  @Test
  void withoutDataTheModelKnowsItsPrior() {
    for (Question question : new JudgedRegression(30, 0, 10, 4, 8).regression(1, new Seeds(7))) {
      assertTrue(question.deviation() > 0.5 && question.deviation() < 1.6); // |x| / sqrt(d)
    }
  }

  /** Bayesian regression is calibrated: over teachers and data the bias is as large as s says. */
  @Test
  void theModelIsCalibrated() {
    for (double data : new double[] {0.5, 3}) {
      double ratio = 0;
      int teachers = 200;
      for (int seed = 1; seed <= teachers; seed++) {
        Question question =
            new JudgedRegression(10, data, 2, 4, 8).regression(1, new Seeds(seed)).getFirst();
        ratio += Math.pow(question.bias() / question.deviation(), 2) / teachers;
      }
      assertEquals(1, ratio, 3.5 * Math.sqrt(2.0 / teachers)); // chi-squared of one degree
    }
  }

  @Test
  void moreDataLeavesLessDeviation() {
    var regression = new JudgedRegression(10, 1, 8, 4, 8);
    double little = regression.regression(1, new Seeds(5)).getFirst().deviation();
    double much = regression.regression(40, new Seeds(5)).getFirst().deviation();
    assertTrue(much < 0.3 * little);
  }
}
