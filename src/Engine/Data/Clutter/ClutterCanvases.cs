using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Clutter;

/// <summary>
/// The canvases of a clutter task: 3 x 3 cells, an object of one of the task's classes at the station, objects of any
/// of the source's classes in the other cells. Canvas i of a split is a pure function of spec and i. Thread-safe.
/// </summary>
public sealed class ClutterCanvases
{
    private readonly IObjectSource _source;
    private readonly int[] _labels; // of the task's classes, in the source
    private readonly (ObjectRange Train, ObjectRange Test) _ranges;
    private readonly ulong _seed;

    /// <param name="spec">The task.</param>
    /// <param name="source">Where objects come from: the range to adapt from, and the test split.</param>
    /// <exception cref="InputException"><c>clutter-invalid</c>, <c>class-unknown</c>,
    /// <c>objects-missing</c>.</exception>
    public ClutterCanvases(ClutterSpec spec, IObjectSource source)
        : this(spec, source, ObjectRange.Adapt, ObjectRange.Test) { }

    /// <inheritdoc cref="ClutterCanvases(ClutterSpec, IObjectSource)"/>
    /// <param name="spec">The task.</param>
    /// <param name="source">Where objects come from.</param>
    /// <param name="train">Objects of the train split's canvases.</param>
    /// <param name="test">Objects of the test split's canvases.</param>
    public ClutterCanvases(ClutterSpec spec, IObjectSource source, ObjectRange train, ObjectRange test)
    {
        (Spec, _source, _ranges) = (spec.Validated(), source, (train, test));
        _labels = [.. spec.Classes.Select(source.LabelOf)];
        for (var label = 0; label < source.Classes.Count; label++)
        {
            if (train.Count(source, label) == 0 || test.Count(source, label) == 0)
                throw new InputException(
                    "objects-missing",
                    $"The class '{source.Classes[label]}' has no images to train or to test on; use a larger data set."
                );
        }
        // Two tasks of one seed do not share their distractors.
        _seed = _labels.Aggregate(
            CounterRandom.NextUInt64(spec.Seed, 0, (ulong)spec.Station),
            (seed, label) => CounterRandom.NextUInt64(seed, 1, (ulong)label)
        );
    }

    public ClutterSpec Spec { get; }

    /// <summary>
    /// Which of the task's classes lies at the station: each block of as many canvases as there are classes holds every
    /// class once, in random order.
    /// </summary>
    public int Label(DatasetSplit split, int index)
    {
        var (block, place) = Math.DivRem(index, _labels.Length);
        return CounterRandom.Permutation(_labels.Length, CanvasSeed(split, 2, block), 0)[place];
    }

    /// <summary>48 x 48 pixels.</summary>
    public RgbImage Canvas(DatasetSplit split, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var range = split == DatasetSplit.Train ? _ranges.Train : _ranges.Test;
        var seed = CanvasSeed(split, 4, index);
        var canvas = RgbImage.Black(ClutterSpec.Side, ClutterSpec.Side);
        for (var cell = 0; cell < ClutterSpec.Grid * ClutterSpec.Grid; cell++)
        {
            var (label, number) =
                cell == Spec.Station
                    ? Relevant(range, _labels[Label(split, index)], seed)
                    : Anything(range, seed, cell);
            Place(canvas, _source.Object(range.Split, label, range.From + number), cell);
        }
        return canvas;
    }

    /// <summary>
    /// Writes all canvases as PNG files into a pack, train before test; the pack's names are the task's classes.
    /// </summary>
    /// <param name="output">Written to, never disposed.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public DatasetManifest WritePack(Stream output, CancellationToken cancellationToken = default)
    {
        const int batch = 256;
        using var writer = new DatasetPackWriter(output, DatasetKind.Classes, Spec.Classes);
        foreach (var split in new[] { DatasetSplit.Train, DatasetSplit.Test })
        {
            for (var from = 0; from < Spec.Count(split); from += batch)
            {
                var encoded = new byte[Math.Min(batch, Spec.Count(split) - from)][];
                var first = from;
                Parallel.For(
                    0,
                    encoded.Length,
                    new ParallelOptions { CancellationToken = cancellationToken },
                    i => encoded[i] = ImageDecoder.EncodePng(Canvas(split, first + i))
                );
                for (var i = 0; i < encoded.Length; i++)
                    writer.Add(encoded[i], ClutterSpec.Side, ClutterSpec.Side, split, [Label(split, from + i)]);
            }
        }
        return writer.Complete(
            $"clutter: {string.Join(", ", Spec.Classes)} at station {Spec.Station}, seed {Spec.Seed}"
        );
    }

    private ulong CanvasSeed(DatasetSplit split, ulong purpose, int index) =>
        CounterRandom.NextUInt64(_seed, purpose + (ulong)split, (ulong)index);

    private (int Label, int Number) Relevant(ObjectRange range, int label, ulong seed) =>
        (label, CounterRandom.Below(range.Count(_source, label), seed, 0, (ulong)Spec.Station));

    /// <summary>Any image of any class, each as likely as the others.</summary>
    private (int Label, int Number) Anything(ObjectRange range, ulong seed, int cell)
    {
        var total = 0;
        for (var label = 0; label < _source.Classes.Count; label++)
            total += range.Count(_source, label);
        var number = CounterRandom.Below(total, seed, 0, (ulong)cell);
        for (var label = 0; ; label++)
        {
            var count = range.Count(_source, label);
            if (number < count)
                return (label, number);
            number -= count;
        }
    }

    private static void Place(RgbImage canvas, RgbImage thing, int cell)
    {
        const int row = ClutterSpec.Cell * RgbImage.Channels;
        var (r, q) = Math.DivRem(cell, ClutterSpec.Grid);
        for (var y = 0; y < ClutterSpec.Cell; y++)
        {
            var to = ((r * ClutterSpec.Cell + y) * ClutterSpec.Side + q * ClutterSpec.Cell) * RgbImage.Channels;
            thing.Rgb.AsSpan(y * row, row).CopyTo(canvas.Rgb.AsSpan(to));
        }
    }
}
