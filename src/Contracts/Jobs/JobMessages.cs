using System.ComponentModel;
using System.Text.Json.Serialization;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Tasks;

namespace ComodCluster.Contracts.Jobs;

[JsonConverter(typeof(JsonStringEnumConverter<JobKind>))]
[GenerateSerializer, Alias("comod.JobKind")]
public enum JobKind
{
    [JsonStringEnumMemberName("adapt")] Adapt,
    [JsonStringEnumMemberName("import")] Import,
    [JsonStringEnumMemberName("train")] Train,
}

[JsonConverter(typeof(JsonStringEnumConverter<JobPhase>))]
[GenerateSerializer, Alias("comod.JobPhase")]
public enum JobPhase
{
    [JsonStringEnumMemberName("queued")] Queued,
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("paused")] Paused,
    [JsonStringEnumMemberName("cancelling")] Cancelling,
    [JsonStringEnumMemberName("succeeded")] Succeeded,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}

/// <summary>What a job does: exactly one of the three is set, as its kind says.</summary>
[GenerateSerializer, Alias("comod.JobSpec")]
public sealed record JobSpec
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required string Tenant { get; init; }
    [Id(2)] public required JobKind Kind { get; init; }

    /// <summary>Uid and name of the task, data set or backbone that the job works for.</summary>
    [Id(3)] public required string SubjectUid { get; init; }
    [Id(4)] public required string Subject { get; init; }
    [Id(5)] public AdaptRequest? Adapt { get; init; }
    [Id(6)] public DatasetSource? Import { get; init; }
    [Id(7)] public TrainBackboneRequest? Train { get; init; }

    /// <summary>The active version when the job was made: a user's later revert wins over it.</summary>
    [Id(8)] public int ActiveVersionAtStart { get; init; }
}

/// <summary>One trial of an adaptation, a method with a seed, as a progress bar shows it.</summary>
[GenerateSerializer, Alias("comod.RowProgress")]
public sealed record TrialProgress
{
    [Id(0)] public required Method Method { get; init; }
    [Id(1)] public required int Seed { get; init; }
    [Id(2)] public required int Step { get; init; }
    [Id(3)] public required int Steps { get; init; }
    [Id(4)] public double? Loss { get; init; }

    /// <summary>Latest on held-out images, 0 to 1.</summary>
    [Id(5)] public double? Accuracy { get; init; }
}

[GenerateSerializer, Alias("comod.JobError")]
public sealed record JobError([property: Id(0)] string Code, [property: Id(1)] string Message);

[GenerateSerializer, Alias("comod.JobInfo")]
public sealed record JobInfo
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required JobKind Kind { get; init; }
    [Id(2)] public required JobPhase Phase { get; init; }
    [Id(3)] public required string Subject { get; init; }

    /// <summary>0 to 1.</summary>
    [Id(4)] public required double Progress { get; init; }

    /// <summary>What it is doing, a few words: <c>computing prefix activations</c>, <c>epoch 3/8</c>.</summary>
    [Id(5)] public string? Activity { get; init; }
    [Id(6)] public double? ImagesPerSecond { get; init; }

    /// <summary>Estimated seconds to go.</summary>
    [Id(7)] public double? SecondsLeft { get; init; }

    /// <summary>Mean over the trials, or the training loss.</summary>
    [Id(8)] public double? Loss { get; init; }
    [Id(9)] public double? Accuracy { get; init; }
    [Id(10)] public IReadOnlyList<TrialProgress> Trials { get; init; } = [];

    /// <summary>The name that <see cref="Trials"/> had until version 0.1; answers carry both for one version.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public IReadOnlyList<TrialProgress> Rows { get => Trials; init => Trials = value; }

    /// <summary>Versions that the job made, once it succeeded.</summary>
    [Id(11)] public IReadOnlyList<int> Versions { get; init; } = [];
    [Id(12)] public JobError? Error { get; init; }

    /// <summary>How often the job was taken up again after its process ended.</summary>
    [Id(13)] public int Resumes { get; init; }
    [Id(14)] public required DateTimeOffset Created { get; init; }
    [Id(15)] public DateTimeOffset? Started { get; init; }
    [Id(16)] public DateTimeOffset? Finished { get; init; }

    [JsonIgnore] public bool IsFinished => Phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled;
}

/// <summary>One version to append: what the engine made, its blob already stored.</summary>
[GenerateSerializer, Alias("comod.NewVersion")]
public sealed record NewVersion([property: Id(0)] VersionInfo Info, [property: Id(1)] bool Rejected)
{
    /// <summary>Evaluations during the adaptation, for plots.</summary>
    [Id(2)] public IReadOnlyList<CurvePoint> Curve { get; init; } = [];
}

/// <summary>How a task's job ended; exactly one of versions and error is there.</summary>
[GenerateSerializer, Alias("comod.JobOutcome")]
public sealed record JobOutcome
{
    [Id(0)] public required string Job { get; init; }
    [Id(1)] public required long Epoch { get; init; }
    [Id(2)] public required int ActiveVersionAtStart { get; init; }
    [Id(3)] public IReadOnlyList<NewVersion> Versions { get; init; } = [];

    /// <summary>Null on success; <c>cancelled</c> when a user ended it.</summary>
    [Id(4)] public JobError? Error { get; init; }
}
