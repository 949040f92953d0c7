package dev.goodhart.verify;

import dev.goodhart.spec.MethodProvider;
import dev.goodhart.verify.code.Code;
import dev.goodhart.verify.judge.Judge;
import dev.goodhart.verify.judge.PairwiseJudge;
import dev.goodhart.verify.judge.Rubric;
import dev.goodhart.verify.judge.YesProbability;
import dev.goodhart.verify.math.MathVerifier;
import dev.goodhart.verify.retrieval.Bm25;
import dev.goodhart.verify.sql.Sql;
import dev.goodhart.verify.structure.JsonSignal;
import dev.goodhart.verify.text.Bleu;
import dev.goodhart.verify.text.Bmas;
import dev.goodhart.verify.text.Chrf;
import dev.goodhart.verify.text.Forbidden;
import dev.goodhart.verify.text.Keywords;
import dev.goodhart.verify.text.Language;
import dev.goodhart.verify.text.LengthBand;
import dev.goodhart.verify.text.LengthCosine;
import dev.goodhart.verify.text.LengthTarget;
import dev.goodhart.verify.text.Match;
import dev.goodhart.verify.text.MultipleChoice;
import dev.goodhart.verify.text.Regex;
import dev.goodhart.verify.text.Relaxed;
import dev.goodhart.verify.text.Relevance;
import dev.goodhart.verify.text.Repetition;
import dev.goodhart.verify.text.RougeL;
import dev.goodhart.verify.text.Tags;
import dev.goodhart.verify.text.TokenF1;
import dev.goodhart.verify.vision.BoxesF1;
import dev.goodhart.verify.vision.Giou;
import dev.goodhart.verify.vision.Iou;
import dev.goodhart.verify.vision.PointInBox;
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
        YesProbability.class,
        // text
        Bleu.class,
        Bmas.class,
        Chrf.class,
        Forbidden.class,
        Keywords.class,
        Language.class,
        LengthBand.class,
        LengthCosine.class,
        LengthTarget.class,
        Match.class,
        MultipleChoice.class,
        Regex.class,
        Relaxed.class,
        Relevance.class,
        Repetition.class,
        RougeL.class,
        Tags.class,
        TokenF1.class,
        // structure, vision, retrieval
        JsonSignal.class,
        BoxesF1.class,
        Giou.class,
        Iou.class,
        PointInBox.class,
        Bm25.class);
  }
}
