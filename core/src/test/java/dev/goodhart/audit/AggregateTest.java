package dev.goodhart.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AggregateTest {
  @Test
  void byHand() {
    double[] steps = {0.5, 0.2, 0.8};
    assertEquals(0.8, Aggregate.LAST.of(steps));
    assertEquals(0.2, Aggregate.MIN.of(steps));
    assertEquals(0.08, Aggregate.PRODUCT.of(steps), 1e-12);
    assertEquals(Math.cbrt(0.08), Aggregate.GEOMETRIC_MEAN.of(steps), 1e-12);
  }

  @Test
  void aStepOfZeroHasNoLogarithm() {
    assertEquals(Double.NaN, Aggregate.PRODUCT.of(0.5, 0));
    assertEquals(Double.NaN, Aggregate.GEOMETRIC_MEAN.of(0.5, -1));
  }

  @Property
  void theMeanLiesBetweenTheExtremesAndTheProductBelowThem(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0.01, max = 1) Double> drawn) {
    double[] steps = drawn.stream().mapToDouble(Double::doubleValue).toArray();
    double least = Aggregate.MIN.of(steps);
    double mean = Aggregate.GEOMETRIC_MEAN.of(steps);
    assertEquals(
        true, mean >= least - 1e-12 && mean <= Arrays.stream(steps).max().orElseThrow() + 1e-12);
    assertEquals(true, Aggregate.PRODUCT.of(steps) <= least + 1e-12);
  }
}
