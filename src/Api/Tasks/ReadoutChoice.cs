namespace ComodCluster.Api.Tasks;

/// <summary>Where a readout in closed form reads the network, and how folds of the training images chose it.</summary>
[GenerateSerializer, Alias("comod.ReadoutChoice")]
public sealed record ReadoutChoice
{
    /// <summary>
    /// <c>penultimate</c>, <c>means</c> (of all stages), a pool such as <c>layer3:3x3</c>, or a cell of it, row and
    /// column from 0, such as <c>layer3:3x3[1,2]</c>.
    /// </summary>
    [Id(0)]
    public required string Place { get; init; }

    [Id(1)]
    public required ReadoutKind Kind { get; init; }

    /// <summary>The chosen one and its numbers, in one sentence.</summary>
    [Id(2)]
    public required string Reason { get; init; }

    /// <summary>Folds that places were compared by; 0 where they were not, as for want of images.</summary>
    [Id(3)]
    public required int Folds { get; init; }

    /// <summary>What was compared, in the order of the places; of the cells of a pool the best one.</summary>
    [Id(4)]
    public required IReadOnlyList<ReadoutScore> Candidates { get; init; }
}
