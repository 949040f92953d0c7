package dev.goodhart.verify;

import dev.goodhart.spec.MethodProvider;
import dev.goodhart.verify.code.Code;
import dev.goodhart.verify.judge.Judge;
import dev.goodhart.verify.judge.PairwiseJudge;
import dev.goodhart.verify.judge.Rubric;
import dev.goodhart.verify.judge.YesProbability;
import dev.goodhart.verify.math.MathVerifier;
import dev.goodhart.verify.sql.Sql;
import java.util.List;

/** The rule-based signals. */
public final class VerifyMethods implements MethodProvider {
  @Override
  public List<Class<? extends Record>> methods() {
    return List.of(
        Code.class,
        Judge.class,
        MathVerifier.class,
        PairwiseJudge.class,
        Rubric.class,
        Sql.class,
        YesProbability.class);
  }
}
