namespace ComodCluster.Api;

/// <summary>One page of a listing, ordered by name.</summary>
/// <param name="Items">At most as many as asked for.</param>
/// <param name="Next">Pass as <c>after</c> to get the next page; null on the last.</param>
[GenerateSerializer, Alias("comod.Page`1")]
public sealed record Page<T>([property: Id(0)] IReadOnlyList<T> Items, [property: Id(1)] string? Next);
