using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>Checks every image of a source and writes those bytes into a pack.</summary>
internal static class PackImporter
{
    private const int ImagesPerReport = 64;

    /// <summary>
    /// Decodes each image fully, so that no later job fails on one. After the first bad image the others are still
    /// checked, to name the bad ones, but nothing more is written unless bad ones are left out.
    /// </summary>
    /// <returns>The images that were left out.</returns>
    /// <exception cref="InputException">The code of the first bad image, or one of <see cref="DatasetLayout.Validate"/>
    /// or of the archive.</exception>
    public static NameSample Import(
        DatasetLayout layout,
        DatasetPackWriter writer,
        ImportOptions options,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        InputException? first = null;
        var bad = new NameSample();
        var good = new List<SourceImage>(options.SkipUnreadable ? layout.Images.Count : 0);
        long bytes = 0;
        for (var i = 0; i < layout.Images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = layout.Images[i];
            var encoded = image.Encode();
            try
            {
                if (encoded is null)
                    throw TooLarge(options.Image);
                var decoded = ImageDecoder.Decode(encoded, options.Image);
                if (options.SkipUnreadable)
                    good.Add(image);
                if (options.SkipUnreadable || first is null)
                    writer.Add(encoded, decoded.Width, decoded.Height, image.Split, image.Labels);
                bytes += encoded.Length;
            }
            catch (InputException e)
            {
                first ??= e;
                bad.Add(image.Name, Cause(e));
            }
            if ((i + 1) % ImagesPerReport == 0 || i + 1 == layout.Images.Count)
                progress?.Report(new(i + 1, layout.Images.Count, bytes));
        }
        if (first is null)
            return bad;
        if (!options.SkipUnreadable)
            throw new InputException(
                first.Code,
                $"{bad.Count} of {layout.Images.Count} images cannot be used: {bad}; repair or remove them, or skip "
                    + $"what is unreadable.",
                first
            );
        (layout with { Images = good }).Validate(options);
        return bad;
    }

    /// <summary>What is wrong, without what to do.</summary>
    private static string Cause(InputException failure)
    {
        var cause = failure.Message.Split(';')[0].TrimEnd('.');
        return cause.StartsWith("The ", StringComparison.Ordinal) ? $"the {cause[4..]}" : cause;
    }

    private static InputException TooLarge(ImageLimits limits) =>
        new(
            "image-too-large",
            $"The image file has more than {limits.MaxEncodedBytes:N0} bytes; compress or shrink it."
        );
}
