using ComodCluster.Api.Backbones;

namespace ComodCluster.Grains.Backbones;

/// <summary>Life cycle of a backbone: trained or registered once, then immutable.</summary>
public static class BackboneLifecycle
{
    /// <summary>The phase after an event; null where the event cannot happen.</summary>
    public static BackbonePhase? Next(BackbonePhase phase, BackboneEvent happening) =>
        (phase, happening) switch
        {
            (BackbonePhase.Deleted or BackbonePhase.Available, _) => null,
            (_, BackboneEvent.Delete) => BackbonePhase.Deleted,
            (BackbonePhase.Training, BackboneEvent.Trained) => BackbonePhase.Ready,
            (BackbonePhase.Training, BackboneEvent.TrainingFailed) => BackbonePhase.Failed,
            (BackbonePhase.Failed, BackboneEvent.TrainAgain) => BackbonePhase.Training,
            (BackbonePhase.Failed, BackboneEvent.RegisterInstead) => BackbonePhase.Ready,
            _ => null,
        };
}
