namespace ComodCluster.Engine.Trials;

/// <summary>Hears of a running job, off the device thread and one call at a time.</summary>
public interface IAdaptationObserver
{
    void Report(AdaptationProgress progress);

    ValueTask Checkpoint(byte[] state);
}
