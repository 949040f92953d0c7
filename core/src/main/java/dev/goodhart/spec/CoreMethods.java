package dev.goodhart.spec;

import dev.goodhart.advantage.BatchCentred;
import dev.goodhart.advantage.BatchNormalised;
import dev.goodhart.advantage.BetaNormalised;
import dev.goodhart.advantage.Canon;
import dev.goodhart.advantage.ClipDelta;
import dev.goodhart.advantage.Gae;
import dev.goodhart.advantage.GreedyBaseline;
import dev.goodhart.advantage.GroupCentred;
import dev.goodhart.advantage.GroupNormalised;
import dev.goodhart.advantage.GrpoLambda;
import dev.goodhart.advantage.LeaveOneOut;
import dev.goodhart.advantage.NegativesOnly;
import dev.goodhart.advantage.OptimalBaseline;
import dev.goodhart.advantage.PrefixNormalised;
import dev.goodhart.advantage.StepLeaveOneOut;
import dev.goodhart.advantage.StepNormalised;
import dev.goodhart.advantage.Uncentred;
import dev.goodhart.advantage.VerifiableDense;
import dev.goodhart.audit.AuditedSample;
import dev.goodhart.audit.CombinedAlarm;
import dev.goodhart.audit.DistinctRuns;
import dev.goodhart.audit.DuplicateRate;
import dev.goodhart.audit.EnsembleDisagreement;
import dev.goodhart.audit.FormatShare;
import dev.goodhart.audit.InternalisationGap;
import dev.goodhart.audit.LengthDrift;
import dev.goodhart.audit.PaidWords;
import dev.goodhart.audit.PartDivergence;
import dev.goodhart.audit.PartDrift;
import dev.goodhart.audit.PromptDependence;
import dev.goodhart.audit.ReferenceDistance;
import dev.goodhart.audit.RepetitionDrift;
import dev.goodhart.audit.RewardDrift;
import dev.goodhart.audit.RewardVariance;
import dev.goodhart.audit.UnscoredShare;
import dev.goodhart.combine.AdmissibleWeights;
import dev.goodhart.combine.CobbDouglas;
import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.Constrained;
import dev.goodhart.combine.ExecutionGraded;
import dev.goodhart.combine.Gated;
import dev.goodhart.combine.NashBargaining;
import dev.goodhart.combine.RegularisedRelevance;
import dev.goodhart.combine.RewardRobust;
import dev.goodhart.combine.RoleNorms;
import dev.goodhart.combine.SqlPartialRewards;
import dev.goodhart.combine.Weighted;
import dev.goodhart.curate.Deduplicated;
import dev.goodhart.curate.WithoutContradictions;
import dev.goodhart.explore.DeviationAllocation;
import dev.goodhart.explore.DynamicSampling;
import dev.goodhart.explore.HardSelection;
import dev.goodhart.explore.PassRateCurriculum;
import dev.goodhart.explore.PrioritisedPrompts;
import dev.goodhart.explore.UniformGroups;
import dev.goodhart.signal.Column;
import dev.goodhart.signal.Length;
import dev.goodhart.signal.MatchedPrefix;
import dev.goodhart.signal.RewardModel;
import dev.goodhart.signal.Routed;
import dev.goodhart.steer.BestOfN;
import dev.goodhart.steer.MajorityVote;
import dev.goodhart.steer.RejectionSampling;
import dev.goodhart.steer.RewardWeightedVote;
import dev.goodhart.steer.SoftBestOfN;
import dev.goodhart.steer.ThresholdSampling;
import dev.goodhart.transform.Affine;
import dev.goodhart.transform.Bounded;
import dev.goodhart.transform.LogSigmoidCentred;
import dev.goodhart.transform.NoiseCorrection;
import dev.goodhart.transform.PreferenceAsReward;
import java.util.List;

/** The methods of the rooms that need no engine. */
public final class CoreMethods implements MethodProvider {
  @Override
  public List<Class<? extends Record>> methods() {
    return List.of(
        // signal
        Column.class,
        Length.class,
        MatchedPrefix.class,
        RewardModel.class,
        Routed.class,
        // transform
        Affine.class,
        Bounded.class,
        LogSigmoidCentred.class,
        NoiseCorrection.class,
        PreferenceAsReward.class,
        // combine
        AdmissibleWeights.class,
        CobbDouglas.class,
        ConservativeEnsemble.class,
        Constrained.class,
        ExecutionGraded.class,
        Gated.class,
        NashBargaining.class,
        SqlPartialRewards.class,
        RegularisedRelevance.class,
        RewardRobust.class,
        RoleNorms.class,
        Weighted.class,
        // schedule
        Cosine.class,
        Linear.class,
        Stepwise.class,
        // advantage
        BatchCentred.class,
        BatchNormalised.class,
        BetaNormalised.class,
        Canon.class,
        ClipDelta.class,
        Gae.class,
        GreedyBaseline.class,
        GroupCentred.class,
        GroupNormalised.class,
        GrpoLambda.class,
        LeaveOneOut.class,
        NegativesOnly.class,
        OptimalBaseline.class,
        PrefixNormalised.class,
        StepLeaveOneOut.class,
        StepNormalised.class,
        Uncentred.class,
        VerifiableDense.class,
        // explore
        DeviationAllocation.class,
        DynamicSampling.class,
        HardSelection.class,
        PassRateCurriculum.class,
        PrioritisedPrompts.class,
        UniformGroups.class,
        // steer
        BestOfN.class,
        MajorityVote.class,
        RejectionSampling.class,
        RewardWeightedVote.class,
        SoftBestOfN.class,
        ThresholdSampling.class,
        // audit
        AuditedSample.class,
        CombinedAlarm.class,
        DistinctRuns.class,
        DuplicateRate.class,
        EnsembleDisagreement.class,
        FormatShare.class,
        InternalisationGap.class,
        LengthDrift.class,
        PaidWords.class,
        PartDivergence.class,
        PartDrift.class,
        PromptDependence.class,
        ReferenceDistance.class,
        RepetitionDrift.class,
        RewardDrift.class,
        RewardVariance.class,
        UnscoredShare.class,
        // curate
        Deduplicated.class,
        WithoutContradictions.class);
  }
}
