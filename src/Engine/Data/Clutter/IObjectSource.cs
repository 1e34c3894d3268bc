using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Clutter;

/// <summary>Small pictures of single objects, all of one size, by class.</summary>
public interface IObjectSource
{
    /// <summary>Side of every object, in pixels.</summary>
    const int Side = 16;

    /// <summary>Names by label.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>Objects of a class in a split.</summary>
    int Count(DatasetSplit split, int label);

    /// <summary>
    /// Side x Side pixels; the same arguments give the same object, which is shared: never write to it. Thread-safe.
    /// </summary>
    /// <param name="split">Train or test.</param>
    /// <param name="label">0 to Classes.Count - 1.</param>
    /// <param name="index">0 to Count - 1.</param>
    RgbImage Object(DatasetSplit split, int label, int index);

    /// <summary>The label of a class by its name.</summary>
    /// <exception cref="InputException"><c>class-unknown</c>.</exception>
    int LabelOf(string name)
    {
        for (var label = 0; label < Classes.Count; label++)
        {
            if (Classes[label] == name)
                return label;
        }
        throw new InputException(
            "class-unknown",
            $"There is no class '{name.Shown()}' in the data set; it has {string.Join(", ", Classes.Take(20))}."
        );
    }
}
