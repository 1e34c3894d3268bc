using System.Text.Json.Serialization;

namespace ComodCluster.Contracts.Tasks;

/// <summary>What a tenant registers.</summary>
[GenerateSerializer, Alias("comod.TaskSpec")]
public sealed record TaskSpec
{
    [Id(0)] public required string Name { get; init; }
    [Id(1)] public required string Backbone { get; init; }
    [Id(2)] public required string Dataset { get; init; }

    /// <summary>Classes (or attributes) that the task decides between; null: all of the data set.</summary>
    [Id(3)] public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Null: <see cref="ReadoutMode.Head"/> where the backbone knows all classes, else <see cref="ReadoutMode.Own"/>.</summary>
    [Id(4)] public ReadoutMode? Readout { get; init; }

    /// <summary>Settings of every adaptation that does not say otherwise.</summary>
    [Id(5)] public MethodOptions? Options { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<TaskPhase>))]
[GenerateSerializer, Alias("comod.TaskPhase")]
public enum TaskPhase
{
    [JsonStringEnumMemberName("registered")] Registered,
    [JsonStringEnumMemberName("adapting")] Adapting,
    [JsonStringEnumMemberName("ready")] Ready,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("deleted")] Deleted,
}

[GenerateSerializer, Alias("comod.TaskInfo")]
public sealed record TaskInfo
{
    [Id(0)] public required string Uid { get; init; }
    [Id(1)] public required TaskSpec Spec { get; init; }
    [Id(2)] public required TaskPhase Phase { get; init; }

    /// <summary>Classes in the order of the probabilities.</summary>
    [Id(3)] public required IReadOnlyList<string> Classes { get; init; }
    [Id(4)] public required ReadoutMode Readout { get; init; }

    /// <summary>0 is the base: the unmodulated backbone.</summary>
    [Id(5)] public required int ActiveVersion { get; init; }
    [Id(6)] public required int LatestVersion { get; init; }

    /// <summary>Why the task failed or its latest job did; null otherwise.</summary>
    [Id(7)] public string? Reason { get; init; }
    [Id(8)] public required DateTimeOffset Created { get; init; }
}

/// <summary>
/// Starts a job of one row per method and seed. The version of the first method's first seed is activated; the others are kept beside it. Method <see cref="Method.Auto"/> makes
/// one version, of the method that it chooses.
/// </summary>
[GenerateSerializer, Alias("comod.AdaptRequest")]
public sealed record AdaptRequest
{
    /// <summary>Chosen by the client so that a repeated request starts nothing twice; null: the server names the job.</summary>
    [Id(0)] public string? Id { get; init; }

    /// <summary>Null or empty: comodulation. <see cref="Method.Auto"/> stands alone and has one seed.</summary>
    [Id(1)] public IReadOnlyList<Method>? Methods { get; init; }

    /// <summary>Null or empty: seed 0.</summary>
    [Id(2)] public IReadOnlyList<int>? Seeds { get; init; }

    /// <summary>Overrides of the task's own options.</summary>
    [Id(3)] public MethodOptions? Options { get; init; }

    /// <summary>-100 to 100: of the tenant's jobs that wait, those of higher priority begin first; each minute of waiting counts as one more. Null: 0.</summary>
    [Id(4)] public int? Priority { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<VersionPhase>))]
[GenerateSerializer, Alias("comod.VersionPhase")]
public enum VersionPhase
{
    [JsonStringEnumMemberName("ready")] Ready,

    /// <summary>Failed the gate; can still be activated by hand.</summary>
    [JsonStringEnumMemberName("rejected")] Rejected,

    /// <summary>Measured and kept, and never activated: its state is as large as the network.</summary>
    [JsonStringEnumMemberName("comparison")] Comparison,
}

/// <summary>Measured on images that the adaptation never saw; null where there were none.</summary>
[GenerateSerializer, Alias("comod.VersionMetrics")]
public sealed record VersionMetrics
{
    /// <summary>On the test split, 0 to 1.</summary>
    [Id(0)] public double? Accuracy { get; init; }
    [Id(1)] public double? BalancedAccuracy { get; init; }

    /// <summary>Averaged like the precision.</summary>
    [Id(2)] public double? F1 { get; init; }

    /// <summary>Expected calibration error, 15 bins.</summary>
    [Id(3)] public double? Ece { get; init; }

    /// <summary>Mean negative log-likelihood, nats.</summary>
    [Id(4)] public double? Nll { get; init; }

    /// <summary>The same of the base.</summary>
    [Id(5)] public double? BaseNll { get; init; }
    [Id(6)] public double? BaseAccuracy { get; init; }
    [Id(7)] public int TestImages { get; init; }

    /// <summary>On the part used for early stopping.</summary>
    [Id(8)] public double? HeldOutAccuracy { get; init; }
    [Id(9)] public double? HeldOutNll { get; init; }

    /// <summary>What the gate saw, in one sentence; null where there was no gate.</summary>
    [Id(10)] public string? Gate { get; init; }

    /// <summary>Mean over the classes that occur (macro), also of two; of attributes, of their positive sides, mean over all.</summary>
    [Id(11)] public double? Precision { get; init; }

    /// <summary>Averaged like the precision; of classes it equals the balanced accuracy.</summary>
    [Id(12)] public double? Recall { get; init; }

    /// <summary>Expected calibration error, 15 bins, after temperature scaling; null where no image was held out for early stopping.</summary>
    [Id(13)] public double? CalibratedEce { get; init; }

    /// <summary>Mean negative log-likelihood after temperature scaling, nats.</summary>
    [Id(14)] public double? CalibratedNll { get; init; }

    /// <summary>What the logits are divided by for it, fitted on the part used for early stopping.</summary>
    [Id(15)] public double? Temperature { get; init; }
}

/// <summary>One immutable result of an adaptation.</summary>
[GenerateSerializer, Alias("comod.VersionInfo")]
public sealed record VersionInfo
{
    /// <summary>1, 2, ... within the task; 0 is the base.</summary>
    [Id(0)] public required int Version { get; init; }
    [Id(1)] public required VersionPhase Phase { get; init; }
    [Id(2)] public required bool Active { get; init; }
    [Id(3)] public required Method Method { get; init; }
    [Id(4)] public required int Seed { get; init; }
    [Id(5)] public required string Job { get; init; }

    /// <summary>Training images, those held out for early stopping included.</summary>
    [Id(6)] public required int Examples { get; init; }
    [Id(7)] public required int Steps { get; init; }
    [Id(8)] public required int TrainedParameters { get; init; }

    /// <summary>Device time charged to the row; where a choice was made, to all its candidates.</summary>
    [Id(9)] public required double Seconds { get; init; }
    [Id(10)] public required long StateBytes { get; init; }

    /// <summary>SHA-256 of the state's blob, lower-case hexadecimal.</summary>
    [Id(11)] public required string Digest { get; init; }
    [Id(12)] public required string BackboneDigest { get; init; }

    /// <summary>Precision profile, batch rows and threads, for example <c>float32/64/2</c>.</summary>
    [Id(13)] public required string Profile { get; init; }
    [Id(14)] public required VersionMetrics Metrics { get; init; }
    [Id(15)] public required DateTimeOffset Created { get; init; }

    /// <summary>
    /// The place up to which activations came from the activation cache: the cut; <c>pool</c> for readouts; an earlier place for methods that change the network before the
    /// cut; <c>input</c> where only decoded pixels did. Null for versions made before this was kept.
    /// </summary>
    [Id(16)] public string? CachedTo { get; init; }

    /// <summary>What <see cref="Method.Auto"/> compared before it chose <see cref="Method"/>; null where the request named the method.</summary>
    [Id(17)] public MethodChoice? Choice { get; init; }
}

/// <summary>How the method of a version was chosen.</summary>
[GenerateSerializer, Alias("comod.MethodChoice")]
public sealed record MethodChoice
{
    /// <summary>The chosen method and its reason, in one sentence.</summary>
    [Id(0)] public required string Reason { get; init; }

    /// <summary>Of the cross-validation; 1: the images were a part of their own.</summary>
    [Id(1)] public required int Folds { get; init; }

    /// <summary>Held-out images that the candidates were compared on: with folds, all examples.</summary>
    [Id(2)] public required int Images { get; init; }

    /// <summary>The simplest first.</summary>
    [Id(3)] public required IReadOnlyList<MethodScore> Candidates { get; init; }
}

/// <summary>One candidate on the held-out images; all but the method null where it diverged.</summary>
[GenerateSerializer, Alias("comod.MethodScore")]
public sealed record MethodScore
{
    [Id(0)] public required Method Method { get; init; }

    /// <summary>Mean negative log-likelihood, nats: what the choice goes by.</summary>
    [Id(1)] public double? Nll { get; init; }

    /// <summary>0 to 1.</summary>
    [Id(2)] public double? Accuracy { get; init; }

    /// <summary>Of its negative log-likelihood to that of the chosen method, mean over the images; 0 for the chosen one.</summary>
    [Id(3)] public double? Difference { get; init; }

    /// <summary>Of that mean.</summary>
    [Id(4)] public double? StandardError { get; init; }
}

/// <summary>One evaluation during an adaptation.</summary>
[GenerateSerializer, Alias("comod.CurvePoint")]
public sealed record CurvePoint(
    [property: Id(0)] int Step, [property: Id(1)] double Loss, [property: Id(2)] double HeldOutLoss, [property: Id(3)] double HeldOutAccuracy);

/// <summary>The inside of a version, for plots.</summary>
[GenerateSerializer, Alias("comod.VersionMaps")]
public sealed record VersionMaps
{
    [Id(0)] public required int Version { get; init; }

    /// <summary>Couplings of the channels, [C]; empty for methods without. Of several modulated layers, one layer's after the other's.</summary>
    [Id(1)] public required IReadOnlyList<float> Channel { get; init; }

    /// <summary>Couplings of the positions, [GridHeight x GridWidth], row by row. Of several modulated layers, one layer's grid after the other's, and GridHeight is 1.</summary>
    [Id(2)] public required IReadOnlyList<float> Spatial { get; init; }
    [Id(3)] public required int GridHeight { get; init; }
    [Id(4)] public required int GridWidth { get; init; }

    /// <summary>Decoder gain, [D], mean 1. Of gains per class the mean over the classes.</summary>
    [Id(5)] public required IReadOnlyList<float> DecoderGain { get; init; }
    [Id(6)] public required IReadOnlyList<CurvePoint> Curve { get; init; }
}

/// <summary>What is activated: a version of the task, or 0 for the base.</summary>
[GenerateSerializer, Alias("comod.ActivateRequest")]
public sealed record ActivateRequest([property: Id(0)] int Version);

[GenerateSerializer, Alias("comod.Prediction")]
public sealed record Prediction([property: Id(0)] string Label, [property: Id(1)] IReadOnlyList<float> Probabilities);

[GenerateSerializer, Alias("comod.PredictResponse")]
public sealed record PredictResponse
{
    [Id(0)] public required string Task { get; init; }

    /// <summary>The version that answered; 0 is the base.</summary>
    [Id(1)] public required int Version { get; init; }
    [Id(2)] public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>One per image, in the order they were sent. Probabilities follow <see cref="Classes"/>: they sum to 1 for classes and are independent for attributes.</summary>
    [Id(3)] public required IReadOnlyList<Prediction> Predictions { get; init; }
}
