using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Readouts;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Activations;

/// <summary>
/// Activations of the frozen prefix, computed once in batches of fixed size: kept in memory within a budget, else in
/// files, else computed anew each time. Over budget the data sets used longest ago go first. Used on the device thread
/// only.
/// </summary>
public sealed class ActivationCache : IDisposable
{
    // A set used in the present batch or the few before it is in use by a running job.
    private const int InUse = 10_000;
    private readonly Dictionary<ActivationKey, Set> _sets = [];
    private readonly ActivationFiles _files;
    private readonly long _budget;
    private readonly int _batchRows;
    private long _clock;

    /// <param name="budget">Bytes of memory.</param>
    /// <param name="batchRows">Rows of a batch.</param>
    /// <param name="folder">Folder of the files; null: none.</param>
    /// <param name="diskBudget">Bytes of the files.</param>
    public ActivationCache(long budget, int batchRows, string? folder = null, long diskBudget = 0)
    {
        (_budget, _batchRows) = (budget, batchRows);
        _files = new ActivationFiles(folder, diskBudget);
    }

    public long Bytes { get; private set; }
    public long DiskBytes => _files.Bytes;
    public long Hits { get; private set; }
    public long DiskHits { get; private set; }
    public long Misses { get; private set; }

    /// <summary>
    /// Files of another version or cut off, and items whose bytes were changed: ignored and computed again.
    /// </summary>
    public long Damaged => _files.Damaged;

    /// <summary>Files that could not be opened or written.</summary>
    public long DiskFailures => _files.Failed;

    /// <summary>Bytes of one image's activations.</summary>
    public static int ItemBytes(Backbone backbone, ActivationPlace place)
    {
        var (c, h, w) = ShapeAt(backbone, place);
        return c * h * w * (!place.IsVector && backbone.Precision == Precision.BFloat16 ? 2 : 4);
    }

    /// <summary>Activations of images, each a row; padding is zero.</summary>
    /// <param name="backbone">Computes what is missing.</param>
    /// <param name="place">What of them.</param>
    /// <param name="images">Null: a row of zeros.</param>
    /// <param name="decoded">Pixels of the images in their order, where they were decoded ahead.</param>
    /// <returns>[B, C, H, W], channels-last; [B, D] at <see cref="Cut.Pool"/>; of records [B, W].</returns>
    public Tensor Rows(
        Backbone backbone,
        ActivationPlace place,
        IReadOnlyList<PackImage?> images,
        DecodedBatch? decoded = null
    )
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var rows = new Tensor?[images.Count];
        var missing = new List<int>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (images[i] is not { } image)
                continue;
            rows[i] = Find(backbone, place, image);
            if (rows[i] is null)
                missing.Add(i);
        }
        foreach (var chunk in missing.Chunk(_batchRows))
            Compute(backbone, place, images, chunk, rows, decoded);
        var filler =
            rows.FirstOrDefault(r => r is not null)
            ?? throw new ArgumentException("A batch needs at least one image.", nameof(images));
        var zero = zeros_like(filler);
        var stacked = stack(rows.Select(r => r ?? zero).ToList()); // [B, H, W, C] or [B, W]
        return (stacked.dim() == 4 ? stacked.permute(0, 3, 1, 2) : stacked).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the image's row would be found.</summary>
    public bool Holds(Backbone backbone, ActivationPlace place, PackImage image) =>
        SetOf(ActivationKey.Of(backbone, place, image)).Rows.ContainsKey(image.Index)
        || _files.Has(
            ActivationKey.Of(backbone, place, image),
            image.Pack.Count,
            ItemBytes(backbone, place),
            image.Index
        );

    /// <summary>What rows of activations take.</summary>
    public ActivationNeeds Needs(Backbone backbone, IEnumerable<(ActivationPlace Place, PackImage Image)> images)
    {
        var distinct = images.Distinct().ToArray();
        var bytes = distinct.Sum(i => (long)ItemBytes(backbone, i.Place));
        return new ActivationNeeds(
            distinct.Length,
            bytes,
            distinct.Count(i => !Holds(backbone, i.Place, i.Image)),
            bytes <= _budget,
            string.Join(", ", distinct.Select(i => i.Place).Distinct())
        );
    }

    /// <summary>
    /// Forgets all of a tenant, one of its data sets, or all that a backbone computed: memory and files.
    /// </summary>
    /// <returns>Bytes freed.</returns>
    public long Forget(string? tenant = null, string? pack = null, string? backbone = null)
    {
        var before = Bytes;
        foreach (
            var key in _sets
                .Keys.Where(k =>
                    (tenant is null || k.Tenant == tenant)
                    && (pack is null || k.Pack == pack)
                    && (backbone is null || k.Backbone == backbone)
                )
                .ToArray()
        )
            Drop(key);
        return before - Bytes + _files.Forget(tenant, pack, backbone);
    }

    public void Dispose()
    {
        foreach (var set in _sets.Values)
            set.Dispose();
        _sets.Clear();
        Bytes = 0;
        _files.Dispose();
    }

    private static (int C, int H, int W) ShapeAt(Backbone backbone, ActivationPlace place) =>
        place.Cut is { } cut
            ? backbone.ShapeAt(cut, backbone.Spec.InputSize)
            : (RecordLayout.Of(backbone.Spec).Width, 1, 1);

    private static Tensor Run(Backbone backbone, ActivationPlace place, Tensor pixels)
    {
        if (place.Cut is { } cut)
            return backbone.Prefix(pixels, cut);
        using var pools = new StagePools(RecordLayout.Of(backbone.Spec).Pools);
        backbone.Pools(pixels, pools);
        return pools.Values();
    }

    private Tensor? Find(Backbone backbone, ActivationPlace place, PackImage image)
    {
        var key = ActivationKey.Of(backbone, place, image);
        if (SetOf(key).Rows.TryGetValue(image.Index, out var row))
        {
            Hits++;
            return row;
        }
        if (!_files.Has(key, image.Pack.Count, ItemBytes(backbone, place), image.Index))
            return null;
        var (c, h, w) = ShapeAt(backbone, place);
        var host = place.IsVector
            ? empty([c], ScalarType.Float32)
            : empty([h, w, c], backbone.Precision.ToScalarType());
        if (!_files.TryRead(key, image.Pack.Count, image.Index, host.bytes))
            return null;
        DiskHits++;
        row = host.to(backbone.Device);
        Keep(key, image.Index, row);
        return row;
    }

    private void Compute(
        Backbone backbone,
        ActivationPlace place,
        IReadOnlyList<PackImage?> images,
        int[] chunk,
        Tensor?[] rows,
        DecodedBatch? decoded
    )
    {
        Misses += chunk.Length;
        using var own = decoded is null
            ? DecodedBatch.Start(backbone.Spec, [.. chunk.Select(i => images[i]!.Value)])
            : null;
        var pixels = own is null
            ? decoded!.Batch(backbone, chunk, _batchRows)
            : own.Batch(backbone, [.. Enumerable.Range(0, chunk.Length)], _batchRows); // [batch, 3, S, S]
        var h = DeviceMemory.ByRows(_batchRows, (from, count) => Run(backbone, place, pixels.narrow(0, from, count)));
        if (h.dim() == 4)
            h = h.permute(0, 2, 3, 1).contiguous(); // [batch, H, W, C]
        var host = _files.Any ? h.cpu() : null;
        for (var k = 0; k < chunk.Length; k++)
        {
            var image = images[chunk[k]]!.Value;
            var key = ActivationKey.Of(backbone, place, image);
            var row = h.select(0, k).clone();
            rows[chunk[k]] = row;
            Keep(key, image.Index, row);
            if (host is not null)
                _files.Write(key, image.Pack.Count, image.Index, host.select(0, k).bytes);
        }
    }

    private void Keep(ActivationKey key, int image, Tensor row)
    {
        var bytes = row.numel() * row.element_size();
        var set = SetOf(key);
        if (set.Rows.ContainsKey(image) || !Fits(bytes, set))
            return;
        set.Rows[image] = row.DetachFromDisposeScope();
        set.Bytes += bytes;
        Bytes += bytes;
    }

    private bool Fits(long bytes, Set used)
    {
        while (Bytes + bytes > _budget)
        {
            var oldest = _sets
                .Where(s => s.Value != used && s.Value.Bytes > 0 && s.Value.LastUse < _clock - InUse)
                .OrderBy(s => s.Value.LastUse)
                .FirstOrDefault();
            if (oldest.Value is null)
                return false;
            Drop(oldest.Key);
        }
        return true;
    }

    private void Drop(ActivationKey key)
    {
        Bytes -= _sets[key].Bytes;
        _sets[key].Dispose();
        _sets.Remove(key);
    }

    private Set SetOf(ActivationKey key)
    {
        if (!_sets.TryGetValue(key, out var set))
            _sets[key] = set = new Set();
        set.LastUse = ++_clock;
        return set;
    }

    private sealed class Set : IDisposable
    {
        public Dictionary<int, Tensor> Rows { get; } = [];
        public long Bytes { get; set; }
        public long LastUse { get; set; }

        public void Dispose()
        {
            foreach (var row in Rows.Values)
                row.Dispose();
        }
    }
}
