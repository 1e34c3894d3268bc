using System.Globalization;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>
/// Formats of stored records that a build reads and writes, both ends included. It writes the one that the cluster
/// says.
/// </summary>
public sealed record FormatRange(int Oldest, int Newest)
{
    /// <summary>Where each silo announces its range to the others: in its metadata.</summary>
    public const string MetadataKey = "comod.formats";

    /// <summary>Format of a cluster that was never raised, and all that builds know which announce nothing.</summary>
    public const int First = 1;

    /// <summary>Formats that this build reads and writes.</summary>
    public static FormatRange Build { get; } = new(First, 1);

    public bool Has(int format) => format >= Oldest && format <= Newest;

    /// <summary>As it is announced: <c>1-2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Oldest}-{Newest}");

    /// <param name="announced"><c>1-2</c>; null: of a build that announces nothing.</param>
    public static FormatRange Parse(string? announced) =>
        announced?.Split('-') is [var oldest, var newest]
            ? new(int.Parse(oldest, CultureInfo.InvariantCulture), int.Parse(newest, CultureInfo.InvariantCulture))
            : new(First, First);
}
