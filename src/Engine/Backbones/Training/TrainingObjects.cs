using ComodCluster.Engine.Data;

namespace ComodCluster.Engine.Backbones.Training;

/// <summary>Small pictures of single objects, all in memory.</summary>
/// <param name="Classes">Names by label.</param>
/// <param name="Pixels">N pictures of Side x Side x 3 bytes.</param>
/// <param name="Labels">N class indices.</param>
public sealed record TrainingObjects(IReadOnlyList<string> Classes, byte[] Pixels, int[] Labels)
{
    public const int Side = IObjectSource.Side;
    public const int PictureBytes = Side * Side * RgbImage.Channels;

    public int Count => Labels.Length;

    /// <param name="source">Where the objects come from.</param>
    /// <param name="split">Train or test.</param>
    /// <param name="skip">Objects of each class that are left out, from the first on.</param>
    /// <param name="perClass">At most so many of each class; null: all.</param>
    /// <exception cref="InputException">dataset-class-too-small: nothing is left of a class.</exception>
    public static TrainingObjects Of(IObjectSource source, DatasetSplit split, int skip, int? perClass, CancellationToken cancellation)
    {
        var chosen = new List<(int Label, int Index)>();
        for (var label = 0; label < source.Classes.Count; label++)
        {
            var count = Math.Min(source.Count(split, label) - skip, perClass ?? int.MaxValue);
            if (count < 1)
                throw new InputException("dataset-class-too-small",
                    $"The class '{source.Classes[label]}' has {source.Count(split, label)} images and {skip} of each are kept for tasks; skip fewer or upload more.");
            for (var i = 0; i < count; i++) chosen.Add((label, skip + i));
        }
        var pixels = new byte[(long)chosen.Count * PictureBytes];
        Parallel.For(0, chosen.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
            source.Object(split, chosen[i].Label, chosen[i].Index).Rgb.AsSpan().CopyTo(pixels.AsSpan(i * PictureBytes)));
        return new TrainingObjects(source.Classes, pixels, [.. chosen.Select(c => c.Label)]);
    }
}
