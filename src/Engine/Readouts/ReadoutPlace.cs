using System.Globalization;
using System.Text.RegularExpressions;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Which pools of a network's stages are a readout's features, one after the other. Written <c>penultimate</c> (means
/// of the last stage), <c>means</c> (of every stage), as its one pool (<c>layer3:3x3</c>), or as one cell of it, row
/// and column from 0 (<c>layer3:3x3[1,2]</c>).
/// </summary>
public sealed partial record ReadoutPlace
{
    private const int MostCells = 3;

    private static readonly int[] Stages = [2, 3],
        Sides = [2, MostCells];

    private ReadoutPlace(string name, StagePool? pool = null, int? cell = null) =>
        (Name, Pool, Cell) = (name, pool, cell);

    public static ReadoutPlace Penultimate { get; } = new("penultimate");

    public static ReadoutPlace Means { get; } = new("means");

    public string Name { get; }

    /// <summary>The one pool; null: of penultimate and means the network decides.</summary>
    public StagePool? Pool { get; }

    /// <summary>The cell of the one pool, row by row; null: all cells.</summary>
    public int? Cell { get; }

    public static ReadoutPlace Of(StagePool pool) => new(pool.ToString(), pool);

    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    public static ReadoutPlace Of(StagePool pool, int row, int column) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{pool}[{row},{column}]"), pool, row * pool.Side + column);

    /// <summary>The places that folds choose from, each once: those of them that the network has.</summary>
    public static IReadOnlyList<ReadoutPlace> CandidatesOf(BackboneSpec spec)
    {
        StagePool[] pools =
        [
            .. Stages.SelectMany(_ => Sides, (stage, side) => new StagePool(stage, side)).Where(p => p.ExistsIn(spec)),
        ];
        return
        [
            Penultimate,
            .. spec.Blocks.Count > 1 ? [Means] : Array.Empty<ReadoutPlace>(),
            .. pools.Select(Of),
            .. from pool in pools
            where pool.Side == MostCells
            from row in Enumerable.Range(0, pool.Side)
            from column in Enumerable.Range(0, pool.Side)
            select Of(pool, row, column),
        ];
    }

    /// <exception cref="FormatException">Not the name of a place. Whether a network has it is another
    /// question.</exception>
    public static ReadoutPlace Parse(string name)
    {
        if (name == Penultimate.Name)
            return Penultimate;
        if (name == Means.Name)
            return Means;
        var parts = PoolName().Match(name);
        if (parts.Success)
        {
            var pool = new StagePool(Number("stage"), parts.Groups["side"].Success ? Number("side") : 1);
            var place = parts.Groups["row"].Success ? Of(pool, Number("row"), Number("column")) : Of(pool);
            if (place.Name == name && (place.Cell is null || Math.Max(Number("row"), Number("column")) < pool.Side))
                return place;
        }
        throw new FormatException($"'{name}' is no place of a readout.");

        int Number(string group) => int.Parse(parts.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The pools that hold the features, in their order.</summary>
    public IReadOnlyList<StagePool> PoolsOf(BackboneSpec spec) =>
        Pool is { } pool ? [pool]
        : this == Means ? [.. Enumerable.Range(1, spec.Blocks.Count).Select(stage => new StagePool(stage, 1))]
        : [new StagePool(spec.Blocks.Count, 1)];

    /// <summary>D: how many features.</summary>
    public int WidthOf(BackboneSpec spec) =>
        PoolsOf(spec).Sum(p => Cell is null ? p.WidthOf(spec) : p.ChannelsOf(spec));

    public override string ToString() => Name;

    [GeneratedRegex(@"^layer(?<stage>[1-4])(:(?<side>\d)x\d)?(\[(?<row>\d),(?<column>\d)\])?$")]
    private static partial Regex PoolName();
}
