using System.ComponentModel;
using System.Text.Json.Serialization;

namespace ComodCluster.Api.Jobs;

[GenerateSerializer, Alias("comod.JobInfo")]
public sealed record JobInfo
{
    [Id(0)]
    public required string Id { get; init; }

    [Id(1)]
    public required JobKind Kind { get; init; }

    [Id(2)]
    public required JobPhase Phase { get; init; }

    [Id(3)]
    public required string Subject { get; init; }

    /// <summary>0 to 1.</summary>
    [Id(4)]
    public required double Progress { get; init; }

    /// <summary>What it is doing, a few words: <c>computing prefix activations</c>, <c>epoch 3/8</c>.</summary>
    [Id(5)]
    public string? Activity { get; init; }

    [Id(6)]
    public double? ImagesPerSecond { get; init; }

    /// <summary>Estimated seconds to go.</summary>
    [Id(7)]
    public double? SecondsLeft { get; init; }

    /// <summary>Mean over the trials, or the training loss.</summary>
    [Id(8)]
    public double? Loss { get; init; }

    [Id(9)]
    public double? Accuracy { get; init; }

    [Id(10)]
    public IReadOnlyList<TrialProgress> Trials { get; init; } = [];

    /// <summary>The name that <see cref="Trials"/> had until version 0.1; answers carry both for one version.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public IReadOnlyList<TrialProgress> Rows
    {
        get => Trials;
        init => Trials = value;
    }

    /// <summary>Versions that the job made, once it succeeded.</summary>
    [Id(11)]
    public IReadOnlyList<int> Versions { get; init; } = [];

    [Id(12)]
    public JobError? Error { get; init; }

    /// <summary>How often the job was taken up again after its process ended.</summary>
    [Id(13)]
    public int Resumes { get; init; }

    [Id(14)]
    public required DateTimeOffset Created { get; init; }

    [Id(15)]
    public DateTimeOffset? Started { get; init; }

    [Id(16)]
    public DateTimeOffset? Finished { get; init; }

    /// <summary>How often in a row its worker died while the job ran, without a new checkpoint between.</summary>
    [Id(17)]
    public int Deaths { get; init; }

    [JsonIgnore]
    public bool IsFinished => Phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled;
}
