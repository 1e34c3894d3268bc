namespace ComodCluster.Api.Tasks;

/// <summary>One immutable result of an adaptation.</summary>
[GenerateSerializer, Alias("comod.VersionInfo")]
public sealed record VersionInfo
{
    /// <summary>1, 2, ... within the task; 0 is the base.</summary>
    [Id(0)]
    public required int Version { get; init; }

    [Id(1)]
    public required VersionPhase Phase { get; init; }

    [Id(2)]
    public required bool Active { get; init; }

    [Id(3)]
    public required Method Method { get; init; }

    [Id(4)]
    public required int Seed { get; init; }

    [Id(5)]
    public required string Job { get; init; }

    /// <summary>Training images, those held out for early stopping included.</summary>
    [Id(6)]
    public required int Examples { get; init; }

    [Id(7)]
    public required int Steps { get; init; }

    [Id(8)]
    public required int TrainedParameters { get; init; }

    /// <summary>Device time charged to the trial; where a choice was made, to all its candidates.</summary>
    [Id(9)]
    public required double Seconds { get; init; }

    [Id(10)]
    public required long StateBytes { get; init; }

    /// <summary>SHA-256 of the state's blob, lower-case hexadecimal.</summary>
    [Id(11)]
    public required string Digest { get; init; }

    [Id(12)]
    public required string BackboneDigest { get; init; }

    /// <summary>Precision profile, batch rows and threads, for example <c>float32/64/2</c>.</summary>
    [Id(13)]
    public required string Profile { get; init; }

    [Id(14)]
    public required VersionMetrics Metrics { get; init; }

    [Id(15)]
    public required DateTimeOffset Created { get; init; }

    /// <summary>
    /// The place up to which activations came from the activation cache: the cut; <c>pool</c> for readouts of the
    /// penultimate features and <c>record</c> for those in closed form; an earlier place for methods that change the
    /// network before the cut; <c>input</c> where only decoded pixels did. Null for versions made before this was kept.
    /// </summary>
    [Id(16)]
    public string? CachedTo { get; init; }

    /// <summary>
    /// What <see cref="Method.Auto"/> compared before it chose <see cref="Method"/>; null where the request named the
    /// method.
    /// </summary>
    [Id(17)]
    public MethodChoice? Choice { get; init; }

    /// <summary>
    /// All settings that it was made with, whoever named them: a request that names these makes the same. Null for
    /// versions made before this was kept.
    /// </summary>
    [Id(18)]
    public MethodOptions? Settings { get; init; }

    /// <summary>Where a readout in closed form reads the network, and why; null: it is none.</summary>
    [Id(19)]
    public ReadoutChoice? Readout { get; init; }
}
