namespace ComodCluster.Api.Tasks;

[GenerateSerializer, Alias("comod.PredictResponse")]
public sealed record PredictResponse
{
    [Id(0)]
    public required string Task { get; init; }

    /// <summary>The version that answered; 0 is the base.</summary>
    [Id(1)]
    public required int Version { get; init; }

    [Id(2)]
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>
    /// One per image, in the order they were sent. Probabilities follow <see cref="Classes"/>: they sum to 1 for
    /// classes and are independent for attributes.
    /// </summary>
    [Id(3)]
    public required IReadOnlyList<Prediction> Predictions { get; init; }
}
