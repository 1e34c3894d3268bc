using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// What is kept of an image for readouts: every pool of every candidate place once, float32. First the means of all
/// stages, then the finer pools.
/// </summary>
public sealed class RecordLayout
{
    private readonly Dictionary<StagePool, (int Offset, int Channels, int Width)> _places = [];

    public RecordLayout(BackboneSpec spec)
    {
        Spec = spec;
        Places = ReadoutPlace.CandidatesOf(spec);
        Pools = [.. ReadoutPlace.Means.PoolsOf(spec).Concat(Places.SelectMany(p => p.PoolsOf(spec))).Distinct()];
        foreach (var pool in Pools)
        {
            _places[pool] = (Width, pool.ChannelsOf(spec), pool.WidthOf(spec));
            Width += pool.WidthOf(spec);
        }
    }

    public BackboneSpec Spec { get; }

    /// <summary>The candidate places, the plainest first.</summary>
    public IReadOnlyList<ReadoutPlace> Places { get; }

    /// <summary>The pools of a record, in their order.</summary>
    public IReadOnlyList<StagePool> Pools { get; }

    /// <summary>Values of a record.</summary>
    public int Width { get; }

    /// <summary>Where a pool's values begin.</summary>
    public int OffsetOf(StagePool pool) => _places[pool].Offset;

    /// <summary>D: features at a place.</summary>
    public int WidthOf(ReadoutPlace place) => PartsOf(place).Sum(p => p.Length);

    /// <summary>Where a place's features are in a record, in their order.</summary>
    public IReadOnlyList<(int Offset, int Length)> PartsOf(ReadoutPlace place) =>
        [
            .. place
                .PoolsOf(Spec)
                .Select(p => _places[p])
                .Select(p => place.Cell is { } cell ? (p.Offset + cell * p.Channels, p.Channels) : (p.Offset, p.Width)),
        ];

    /// <param name="record">[<see cref="Width"/>]</param>
    /// <param name="features">[D], D as <see cref="WidthOf"/>.</param>
    public void Copy(ReadoutPlace place, ReadOnlySpan<float> record, Span<float> features)
    {
        foreach (var (offset, length) in PartsOf(place))
        {
            record.Slice(offset, length).CopyTo(features);
            features = features[length..];
        }
    }
}
