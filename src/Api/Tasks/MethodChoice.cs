namespace ComodCluster.Api.Tasks;

/// <summary>How the method of a version was chosen.</summary>
[GenerateSerializer, Alias("comod.MethodChoice")]
public sealed record MethodChoice
{
    /// <summary>The chosen method and its reason, in one sentence.</summary>
    [Id(0)]
    public required string Reason { get; init; }

    /// <summary>Folds of the cross-validation; 1: the images were a part of their own.</summary>
    [Id(1)]
    public required int Folds { get; init; }

    /// <summary>Held-out images that the candidates were compared on: with folds, all examples.</summary>
    [Id(2)]
    public required int Images { get; init; }

    /// <summary>The simplest first.</summary>
    [Id(3)]
    public required IReadOnlyList<MethodScore> Candidates { get; init; }
}
