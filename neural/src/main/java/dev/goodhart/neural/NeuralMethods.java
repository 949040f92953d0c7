package dev.goodhart.neural;

import dev.goodhart.neural.align.Folder;
import dev.goodhart.neural.align.Prompts;
import dev.goodhart.neural.align.Tiny;
import dev.goodhart.neural.reward.GenerativeReward;
import dev.goodhart.objective.AttributeRegression;
import dev.goodhart.objective.BinaryOutcome;
import dev.goodhart.objective.BradleyTerry;
import dev.goodhart.objective.Brain;
import dev.goodhart.objective.ChiSquared;
import dev.goodhart.objective.Cispo;
import dev.goodhart.objective.ClipCov;
import dev.goodhart.objective.ConservativeDpo;
import dev.goodhart.objective.CumulativeLink;
import dev.goodhart.objective.Davidson;
import dev.goodhart.objective.DirectNash;
import dev.goodhart.objective.Distillation;
import dev.goodhart.objective.Dpo;
import dev.goodhart.objective.EntropyBonus;
import dev.goodhart.objective.Exo;
import dev.goodhart.objective.GeneralPreference;
import dev.goodhart.objective.Gspo;
import dev.goodhart.objective.Ipo;
import dev.goodhart.objective.KlCov;
import dev.goodhart.objective.KlPenalty;
import dev.goodhart.objective.Kto;
import dev.goodhart.objective.Orpo;
import dev.goodhart.objective.PolicyGradient;
import dev.goodhart.objective.PowerDl;
import dev.goodhart.objective.PpoClip;
import dev.goodhart.objective.RaoKupper;
import dev.goodhart.objective.RobustBradleyTerry;
import dev.goodhart.objective.RobustDpo;
import dev.goodhart.objective.Rpo;
import dev.goodhart.objective.ScaledBradleyTerry;
import dev.goodhart.objective.Sft;
import dev.goodhart.objective.SimPo;
import dev.goodhart.objective.Slic;
import dev.goodhart.objective.StepClasses;
import dev.goodhart.objective.StepOutcome;
import dev.goodhart.objective.YesToken;
import dev.goodhart.spec.MethodProvider;
import java.util.List;

/** The methods that compute with tensors. Naming them loads no libtorch. */
public final class NeuralMethods implements MethodProvider {
  @Override
  public List<Class<? extends Record>> methods() {
    return List.of(
        // objective
        AttributeRegression.class,
        BinaryOutcome.class,
        BradleyTerry.class,
        Brain.class,
        ChiSquared.class,
        Cispo.class,
        ClipCov.class,
        ConservativeDpo.class,
        CumulativeLink.class,
        Davidson.class,
        DirectNash.class,
        Distillation.class,
        Dpo.class,
        EntropyBonus.class,
        Exo.class,
        GeneralPreference.class,
        Gspo.class,
        Ipo.class,
        KlCov.class,
        KlPenalty.class,
        Kto.class,
        Orpo.class,
        PolicyGradient.class,
        PowerDl.class,
        PpoClip.class,
        RaoKupper.class,
        RobustBradleyTerry.class,
        RobustDpo.class,
        Rpo.class,
        ScaledBradleyTerry.class,
        Sft.class,
        SimPo.class,
        Slic.class,
        StepClasses.class,
        StepOutcome.class,
        YesToken.class,
        // align
        Folder.class,
        Prompts.class,
        Tiny.class,
        // signal
        GenerativeReward.class);
  }
}
