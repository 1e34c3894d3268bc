using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Clutter;

/// <summary>
/// The images of a pack as small objects, resized to Side x Side whatever their aspect; each is decoded once and kept.
/// The pack stays open.
/// </summary>
public sealed class PackObjects : IObjectSource
{
    private readonly DatasetPack _pack;
    private readonly int[][][] _indices;
    private readonly ObjectCache _objects;

    /// <exception cref="InputException"><c>clutter-attributes</c>: the pack has attributes, not classes.</exception>
    public PackObjects(DatasetPack pack)
    {
        if (pack.Manifest.Kind != DatasetKind.Classes)
            throw new InputException(
                "clutter-attributes",
                "Clutter needs a data set of classes and this one has attributes; use one with class folders."
            );
        _pack = pack;
        _indices = [Of(DatasetSplit.Train), Of(DatasetSplit.Test)];
        _objects = new ObjectCache(pack.Manifest.Train.PerName, pack.Manifest.Test.PerName);
        int[][] Of(DatasetSplit split) =>
            [.. Enumerable.Range(0, pack.Manifest.Names.Count).Select(label => pack.IndicesOfClass(split, label))];
    }

    public IReadOnlyList<string> Classes => _pack.Manifest.Names;

    public int Count(DatasetSplit split, int label) => _objects.Count(split, label);

    public RgbImage Object(DatasetSplit split, int label, int index) =>
        _objects.Get(
            split,
            label,
            index,
            () =>
                ImageResize.Resize(
                    _pack.Decode(_indices[(int)split][label][index]),
                    IObjectSource.Side,
                    IObjectSource.Side
                )
        );
}
