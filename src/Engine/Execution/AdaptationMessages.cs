using ComodCluster.Engine.Data;
using ComodCluster.Engine.Metrics;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Execution;

/// <summary>One job: trials of one task on one data set. Trials of all running jobs share batches.</summary>
public sealed record AdaptationWork
{
    /// <summary>Tenants share no activations.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Digest of a resident backbone.</summary>
    public required string BackboneDigest { get; init; }

    /// <summary>Stays open until the job has ended.</summary>
    public required DatasetPack Pack { get; init; }

    public required TaskDefinition Task { get; init; }

    public required IReadOnlyList<TaskSettings> Trials { get; init; }

    /// <summary>
    /// The trials are candidates of one choice: each says how it did on held-out images, whatever its gate's policy, and one that diverges ends alone and has no result.
    /// Below <see cref="Choice.PartFrom"/> examples they are cross-validated.
    /// </summary>
    public bool Compared { get; init; }

    /// <summary>State that an earlier run of the same work handed to its observer; null: from the start.</summary>
    public byte[]? Checkpoint { get; init; }

    /// <summary>Asks the job to hand its observer a last checkpoint and to end as cancelled, so that it goes on elsewhere.</summary>
    public CancellationToken HandOver { get; init; }
}

/// <summary>Hears of a running job, off the device thread and one call at a time.</summary>
public interface IAdaptationObserver
{
    void Report(AdaptationProgress progress);

    ValueTask Checkpoint(byte[] state);
}

/// <summary>Where a job is.</summary>
/// <param name="Activity">A few words.</param>
/// <param name="Fraction">0 to 1.</param>
/// <param name="ImagesPerSecond">Rows stepped per second.</param>
/// <param name="SecondsLeft">Estimate; null before the first step.</param>
/// <param name="Loss">Mean over the trials, of the latest step.</param>
/// <param name="Accuracy">Mean over the trials, latest on held-out images.</param>
public sealed record AdaptationProgress(
    string Activity, double Fraction, double ImagesPerSecond, double? SecondsLeft, double? Loss, double? Accuracy, IReadOnlyList<TrialStep> Trials);

public sealed record TrialStep(Method Method, int Seed, int Step, int Steps, double? Loss, double? Accuracy);

/// <summary>One evaluation: training loss of the latest step, and loss and accuracy on held-out images.</summary>
public sealed record EvaluationPoint(int Step, double Loss, double HeldOutLoss, double HeldOutAccuracy);

/// <summary>Measured on the test split, which the adaptation never saw; null where it is empty or not asked for.</summary>
/// <param name="Calibrated">On the test split, with the temperature fitted on the images of early stopping; null where there are none, as in trials that were cross-validated.</param>
public sealed record TrialMetrics(ClassificationMetrics? Test, ClassificationMetrics? BaseTest, double? HeldOutLoss, double? HeldOutAccuracy, Calibration? Calibrated);

/// <param name="Examples">Training images, those held out included.</param>
/// <param name="Steps">Steps of the parameters that were kept; 0: the base.</param>
/// <param name="DeviceSeconds">The trial's share of the batches that it was in.</param>
/// <param name="Gate">Null where there was none.</param>
/// <param name="CachedTo">The place up to which activations came from the activation cache: the task's cut, or where else its method begins to change the network.</param>
public sealed record TrialResult(
    TaskState State, TaskSettings Settings, TrialMetrics Metrics, IReadOnlyList<EvaluationPoint> Curve,
    int Examples, int Steps, int TrainedParameters, double DeviceSeconds, GateDecision? Gate, string CachedTo)
{
    public bool Rejected => Gate?.Rejected == true;

    /// <summary>Why the version is the base itself, with 0 steps; null where a step was better.</summary>
    public string? Kept { get; init; }

    /// <summary>Out of fold, or on the gate's part; null where the trial has neither.</summary>
    public HeldOut? HeldOut { get; init; }
}

/// <summary>A job cannot go on: its numbers left the finite range three times.</summary>
public sealed class AdaptationDivergedException(string message) : Exception(message);

/// <summary>The queue is full: a result to act on, not a fault.</summary>
public sealed class EngineBusyException(TimeSpan retryAfter) : Exception("The engine is busy; try again shortly.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
