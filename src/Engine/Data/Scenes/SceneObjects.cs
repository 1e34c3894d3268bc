using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Scenes;

/// <summary>
/// The parts of the inspection line, drawn when first asked for: as many per class and split as CIFAR-10 has.
/// </summary>
/// <param name="seed">Other seeds give other pictures of the same parts.</param>
public sealed class SceneObjects(ulong seed) : IObjectSource
{
    public const int TrainPerClass = 5_000,
        TestPerClass = 1_000;

    public IReadOnlyList<string> Classes { get; } = [.. Enum.GetNames<PartClass>().Select(n => n.ToLowerInvariant())];

    private readonly ObjectCache _objects = new(Of(TrainPerClass), Of(TestPerClass));

    public int Count(DatasetSplit split, int label) => _objects.Count(split, label);

    public RgbImage Object(DatasetSplit split, int label, int index) =>
        _objects.Get(
            split,
            label,
            index,
            () =>
            {
                // Place in one numbering of all pictures of this seed: train and test, and classes, never share a
                // picture's random numbers.
                var counter =
                    ((ulong)label * 2 + (ulong)split) * (ulong)Math.Max(TrainPerClass, TestPerClass) + (ulong)index;
                return PartRenderer.Draw((PartClass)label, seed, counter, IObjectSource.Side);
            }
        );

    private static int[] Of(int perClass) => [.. Enumerable.Repeat(perClass, Enum.GetValues<PartClass>().Length)];
}
