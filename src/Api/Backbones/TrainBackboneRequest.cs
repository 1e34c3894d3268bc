namespace ComodCluster.Api.Backbones;

/// <summary>
/// Trains a small backbone from scratch on single objects at a random cell of a noise canvas (scenes or a data set's
/// objects).
/// </summary>
[GenerateSerializer, Alias("comod.TrainBackboneRequest")]
public sealed record TrainBackboneRequest
{
    /// <summary>Name under which the result is registered.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Name of a data set, or <c>scenes</c> for the built-in generator.</summary>
    [Id(1)]
    public required string Dataset { get; init; }

    [Id(2)]
    public string Architecture { get; init; } = "cifar-resnet";

    /// <summary>Channels of the first stage [16].</summary>
    [Id(3)]
    public int Width { get; init; } = 16;

    [Id(4)]
    public int Epochs { get; init; } = 8;

    [Id(5)]
    public int Batch { get; init; } = 128;

    [Id(6)]
    public int Seed { get; init; }

    /// <summary>
    /// Train images of each class that are left out, from the first on: the pool that tasks adapt from [1000 for data
    /// sets].
    /// </summary>
    [Id(7)]
    public int Skip { get; init; } = 1000;

    /// <summary>Images an epoch where the generator draws them [20000].</summary>
    [Id(8)]
    public int Drawn { get; init; } = 20000;

    /// <summary>Chosen by the client so that a repeated request starts nothing twice.</summary>
    [Id(9)]
    public string? JobId { get; init; }
}
