using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Data.Clutter;

/// <summary>Objects in memory, to train a backbone on.</summary>
/// <param name="Rgb">[N, 16, 16, 3] bytes.</param>
/// <param name="Labels">[N], 0 to Classes.Count - 1; class after class.</param>
/// <param name="Classes">Names by label.</param>
public sealed record ObjectPool(byte[] Rgb, int[] Labels, IReadOnlyList<string> Classes)
{
    public const int BytesPerObject = IObjectSource.Side * IObjectSource.Side * RgbImage.Channels;

    public int Count => Labels.Length;

    /// <summary>The pixels of one object, [16, 16, 3].</summary>
    public ReadOnlySpan<byte> Object(int index) => Rgb.AsSpan(index * BytesPerObject, BytesPerObject);

    /// <param name="source">Where the objects come from.</param>
    /// <param name="range">Which of each class.</param>
    /// <param name="classes">Only these, labelled in this order; null: all.</param>
    /// <param name="maxPerClass">At most so many of each.</param>
    /// <exception cref="InputException"><c>objects-missing</c>: a class has none in the range;
    /// <c>class-unknown</c>.</exception>
    public static ObjectPool Of(
        IObjectSource source,
        ObjectRange range,
        IReadOnlyList<string>? classes = null,
        int maxPerClass = int.MaxValue
    )
    {
        classes ??= source.Classes;
        var places = new List<(int Label, int SourceLabel, int Index)>();
        for (var label = 0; label < classes.Count; label++)
        {
            var sourceLabel = source.LabelOf(classes[label]);
            var count = Math.Min(maxPerClass, range.Count(source, sourceLabel));
            if (count == 0)
            {
                throw new InputException(
                    "objects-missing",
                    $"The class '{classes[label]}' has only {source.Count(range.Split, sourceLabel)} images to "
                        + $"choose from "
                        + $"and those from number {range.From} on are needed; use a larger data set."
                );
            }
            for (var i = 0; i < count; i++)
                places.Add((label, sourceLabel, range.From + i));
        }
        var rgb = new byte[(long)places.Count * BytesPerObject];
        Parallel.For(
            0,
            places.Count,
            n => source.Object(range.Split, places[n].SourceLabel, places[n].Index).Rgb.CopyTo(rgb, n * BytesPerObject)
        );
        return new(rgb, [.. places.Select(p => p.Label)], [.. classes]);
    }
}
