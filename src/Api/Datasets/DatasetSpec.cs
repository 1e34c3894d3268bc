namespace ComodCluster.Api.Datasets;

[GenerateSerializer, Alias("comod.DatasetSpec")]
public sealed record DatasetSpec
{
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public required DatasetSource Source { get; init; }
}
