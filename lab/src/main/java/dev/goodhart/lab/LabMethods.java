package dev.goodhart.lab;

import dev.goodhart.lab.arith.Arith;
import dev.goodhart.lab.arith.ArithAnswer;
import dev.goodhart.lab.digits.DigitCompletion;
import dev.goodhart.lab.phrase.Phrases;
import dev.goodhart.lab.phrase.StyleProxy;
import dev.goodhart.spec.MethodProvider;
import java.util.List;

/** The worlds that a policy can be optimised in, and the signals that come with them. */
public final class LabMethods implements MethodProvider {
  @Override
  public List<Class<? extends Record>> methods() {
    return List.of(
        // world
        Arith.class,
        DigitCompletion.class,
        Phrases.class,
        // signal
        ArithAnswer.class,
        StyleProxy.class);
  }
}
