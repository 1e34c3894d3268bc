using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>Keeps what a job says.</summary>
internal sealed class Recorder : IAdaptationObserver
{
    public List<AdaptationProgress> Reports { get; } = [];
    public List<byte[]> Checkpoints { get; } = [];
    public Action<byte[]>? OnCheckpoint { get; init; }
    public Action<AdaptationProgress>? OnReport { get; init; }

    public void Report(AdaptationProgress progress)
    {
        Reports.Add(progress);
        OnReport?.Invoke(progress);
    }

    public ValueTask Checkpoint(byte[] state)
    {
        Checkpoints.Add(state);
        OnCheckpoint?.Invoke(state);
        return ValueTask.CompletedTask;
    }
}
