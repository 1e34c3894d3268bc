using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Clutter;

/// <summary>
/// Keeps every object that was made once: 768 bytes each. Thread-safe; two threads may make the same object, with the
/// same pixels.
/// </summary>
internal sealed class ObjectCache(IReadOnlyList<int> trainPerClass, IReadOnlyList<int> testPerClass)
{
    private readonly byte[]?[][][] _pixels =
    [
        [.. trainPerClass.Select(n => new byte[]?[n])],
        [.. testPerClass.Select(n => new byte[]?[n])],
    ];

    public int Count(DatasetSplit split, int label) => OfClass(split, label).Length;

    public RgbImage Get(DatasetSplit split, int label, int index, Func<RgbImage> make)
    {
        var ofClass = OfClass(split, label);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ofClass.Length);
        var pixels = Volatile.Read(ref ofClass[index]);
        if (pixels is null)
            Volatile.Write(ref ofClass[index], pixels = make().Rgb);
        return new RgbImage(IObjectSource.Side, IObjectSource.Side, pixels);
    }

    private byte[]?[] OfClass(DatasetSplit split, int label)
    {
        var classes = _pixels[(int)split];
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, classes.Length);
        return classes[label];
    }
}
