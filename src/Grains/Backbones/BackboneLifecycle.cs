using ComodCluster.Contracts.Backbones;

namespace ComodCluster.Grains.Backbones;

public enum BackboneEvent
{
    Trained,
    TrainingFailed,
    Delete,
}

/// <summary>Life cycle of a backbone: trained or registered once, then immutable.</summary>
public static class BackboneLifecycle
{
    /// <summary>The phase after an event; null where the event cannot happen.</summary>
    public static BackbonePhase? Next(BackbonePhase phase, BackboneEvent happening) => (phase, happening) switch
    {
        (BackbonePhase.Deleted, _) => null,
        (_, BackboneEvent.Delete) => BackbonePhase.Deleted,
        (BackbonePhase.Training, BackboneEvent.Trained) => BackbonePhase.Ready,
        (BackbonePhase.Training, BackboneEvent.TrainingFailed) => BackbonePhase.Failed,
        _ => null,
    };
}
