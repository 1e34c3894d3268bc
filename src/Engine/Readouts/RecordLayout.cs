using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Readouts;

/// <summary>What is kept of an image for readouts: every pool of some places once, float32.</summary>
public sealed class RecordLayout
{
    private static readonly ConditionalWeakTable<BackboneSpec, RecordLayout> Whole = [];

    private readonly Dictionary<StagePool, (int Offset, int Channels, int Width)> _pools = [];
    private readonly Dictionary<ReadoutPlace, IReadOnlyList<(int Offset, int Length)>> _parts;
    private readonly ConcurrentDictionary<ReadoutPlace, RecordLayout> _alone = [];

    /// <summary>
    /// Of all candidate places: the means of all stages (so that those are contiguous), then the finer pools.
    /// </summary>
    public RecordLayout(BackboneSpec spec)
        : this(spec, ReadoutPlace.CandidatesOf(spec), ReadoutPlace.Means.PoolsOf(spec), null) { }

    private RecordLayout(
        BackboneSpec spec,
        IReadOnlyList<ReadoutPlace> places,
        IEnumerable<StagePool> first,
        RecordLayout? known
    )
    {
        (Spec, Places) = (spec, places);
        Pools = [.. first.Concat(places.SelectMany(p => p.PoolsOf(spec))).Distinct()];
        foreach (var pool in Pools)
        {
            var channels =
                known?._pools.TryGetValue(pool, out var there) == true ? there.Channels : pool.ChannelsOf(spec);
            _pools[pool] = (Width, channels, pool.Cells * channels);
            Width += pool.Cells * channels;
        }
        _parts = places.ToDictionary(p => p, Parts);
    }

    /// <summary>Of all candidate places of a network, made once.</summary>
    public static RecordLayout Of(BackboneSpec spec) => Whole.GetValue(spec, s => new(s));

    public BackboneSpec Spec { get; }

    /// <summary>The places, of candidates the plainest first.</summary>
    public IReadOnlyList<ReadoutPlace> Places { get; }

    /// <summary>The pools of a record, in their order.</summary>
    public IReadOnlyList<StagePool> Pools { get; }

    /// <summary>Values of a record.</summary>
    public int Width { get; }

    /// <summary>A record of the same network that holds some places alone.</summary>
    public RecordLayout Only(IEnumerable<ReadoutPlace> places) =>
        places.Distinct().ToArray() is var some && some is [var one]
            ? _alone.GetOrAdd(one, place => new(Spec, [place], [], this))
            : new(Spec, some, [], this);

    /// <summary>Where a pool's values begin.</summary>
    public int OffsetOf(StagePool pool) => _pools[pool].Offset;

    /// <summary>D: features at a place.</summary>
    public int WidthOf(ReadoutPlace place) => PartsOf(place).Sum(p => p.Length);

    /// <summary>Where a place's features are in a record, in their order.</summary>
    public IReadOnlyList<(int Offset, int Length)> PartsOf(ReadoutPlace place) => _parts[place];

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

    private IReadOnlyList<(int Offset, int Length)> Parts(ReadoutPlace place) =>
        [
            .. place
                .PoolsOf(Spec)
                .Select(p => _pools[p])
                .Select(p => place.Cell is { } cell ? (p.Offset + cell * p.Channels, p.Channels) : (p.Offset, p.Width)),
        ];
}
