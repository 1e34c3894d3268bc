using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>One image of one data set.</summary>
public readonly record struct PackImage(DatasetPack Pack, int Index);

/// <summary>
/// Activations of the frozen prefix, one tensor per image, computed once in tiles of fixed size. Over budget the sets used longest ago go first;
/// what still does not fit is computed anew each time. Used on the device thread only.
/// </summary>
public sealed class PrefixCache(long budget, int tileRows) : IDisposable
{
    private readonly Dictionary<(string Backbone, Cut Cut, string Pack), Set> _sets = [];
    private long _clock;

    public long Bytes { get; private set; }
    public long Hits { get; private set; }
    public long Misses { get; private set; }

    /// <summary>Activations of images, each a row; padding is zero.</summary>
    /// <param name="images">Null: a row of zeros.</param>
    /// <returns>[B, C, H, W], channels-last; [B, D] at <see cref="Cut.Pool"/>.</returns>
    public Tensor Rows(Backbone backbone, Cut cut, IReadOnlyList<PackImage?> images)
    {
        using var scope = NewDisposeScope();
        var rows = new Tensor?[images.Count];
        var missing = new List<int>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (images[i] is not { } image) continue;
            if (SetOf(backbone, cut, image.Pack).Rows.TryGetValue(image.Index, out rows[i])) Hits++;
            else missing.Add(i);
        }
        foreach (var chunk in missing.Chunk(tileRows)) Compute(backbone, cut, images, chunk, rows);
        var filler = rows.FirstOrDefault(r => r is not null) ?? throw new ArgumentException("A tile needs at least one image.", nameof(images));
        var zero = zeros_like(filler);
        var stacked = stack(rows.Select(r => r ?? zero).ToList()); // [B, H, W, C] or [B, D]
        return (stacked.dim() == 4 ? stacked.permute(0, 3, 1, 2) : stacked).MoveToOuterDisposeScope();
    }

    /// <summary>Whether all rows would be found.</summary>
    public bool Holds(Backbone backbone, Cut cut, PackImage image) => SetOf(backbone, cut, image.Pack).Rows.ContainsKey(image.Index);

    public void Dispose()
    {
        foreach (var set in _sets.Values) set.Dispose();
        _sets.Clear();
        Bytes = 0;
    }

    /// <summary>Forgets everything computed by a backbone.</summary>
    public void Forget(string backboneDigest)
    {
        foreach (var key in _sets.Keys.Where(k => k.Backbone == backboneDigest).ToArray()) Drop(key);
    }

    private void Compute(Backbone backbone, Cut cut, IReadOnlyList<PackImage?> images, int[] chunk, Tensor?[] rows)
    {
        Misses += chunk.Length;
        var pixels = ImageTiles.Load(backbone, [.. chunk.Select(i => images[i]!.Value)], tileRows); // [tile, 3, S, S]
        var h = backbone.Prefix(pixels, cut);
        if (h.dim() == 4) h = h.permute(0, 2, 3, 1).contiguous(); // [tile, H, W, C]
        for (var k = 0; k < chunk.Length; k++)
        {
            var image = images[chunk[k]]!.Value;
            var row = h.select(0, k).clone();
            rows[chunk[k]] = row;
            var bytes = row.numel() * row.element_size();
            var set = SetOf(backbone, cut, image.Pack);
            if (set.Rows.ContainsKey(image.Index) || !Fits(bytes, set)) continue;
            set.Rows[image.Index] = row.DetachFromDisposeScope();
            set.Bytes += bytes;
            Bytes += bytes;
        }
    }

    private bool Fits(long bytes, Set used)
    {
        while (Bytes + bytes > budget)
        {
            // A set used in the present tile or the few before it is in use by a running job.
            var oldest = _sets.Where(s => s.Value != used && s.Value.Bytes > 0 && s.Value.LastUse < _clock - 10_000).OrderBy(s => s.Value.LastUse).FirstOrDefault();
            if (oldest.Value is null) return false;
            Drop(oldest.Key);
        }
        return true;
    }

    private void Drop((string, Cut, string) key)
    {
        Bytes -= _sets[key].Bytes;
        _sets[key].Dispose();
        _sets.Remove(key);
    }

    private Set SetOf(Backbone backbone, Cut cut, DatasetPack pack)
    {
        var key = (backbone.Digest, cut, pack.Manifest.Digest);
        if (!_sets.TryGetValue(key, out var set)) _sets[key] = set = new Set();
        set.LastUse = ++_clock;
        return set;
    }

    private sealed class Set : IDisposable
    {
        public Dictionary<int, Tensor?> Rows { get; } = [];
        public long Bytes { get; set; }
        public long LastUse { get; set; }

        public void Dispose()
        {
            foreach (var row in Rows.Values) row!.Dispose();
        }
    }
}
