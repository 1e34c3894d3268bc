using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>Checks every image of a source and writes those bytes into a pack.</summary>
internal static class PackImporter
{
    private const int ImagesPerReport = 64;

    /// <summary>
    /// Decodes each image fully, so that no later job fails on one. After the first bad image the others are still
    /// checked, to count the bad ones, but nothing more is written.
    /// </summary>
    /// <exception cref="InputException">The code of the first bad image, or one of <see cref="DatasetLayout.Validate"/>
    /// or of the archive.</exception>
    public static void Import(
        DatasetLayout layout,
        DatasetPackWriter writer,
        ImportOptions options,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        (string Name, InputException Cause)? first = null;
        var bad = 0;
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
                if (bad == 0)
                    writer.Add(encoded, decoded.Width, decoded.Height, image.Split, image.Labels);
                bytes += encoded.Length;
            }
            catch (InputException e)
            {
                first ??= (image.Name, e);
                bad++;
            }
            if ((i + 1) % ImagesPerReport == 0 || i + 1 == layout.Images.Count)
                progress?.Report(new(i + 1, layout.Images.Count, bytes));
        }
        if (first is not { } f)
            return;
        throw new InputException(
            f.Cause.Code,
            $"{bad} of {layout.Images.Count} images cannot be used, first '{TreePath.Shown(f.Name)}': "
                + $"{f.Cause.Message}",
            f.Cause
        );
    }

    private static InputException TooLarge(ImageLimits limits) =>
        new(
            "image-too-large",
            $"The image file has more than {limits.MaxEncodedBytes:N0} bytes; compress or shrink it."
        );
}
