using System.Runtime.ExceptionServices;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Native;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Activations;

/// <summary>Images of a batch, decoded and preprocessed on all cores while the device computes another batch.</summary>
public sealed class DecodedBatch : IDisposable
{
    private readonly PixelBuffer?[] _pixels;
    private readonly Task _decoding;

    private DecodedBatch(BackboneSpec spec, IReadOnlyList<PackImage> images)
    {
        _pixels = new PixelBuffer?[images.Count];
        _decoding = Task.Run(() =>
            Parallel.For(
                0,
                images.Count,
                i => _pixels[i] = PixelBuffer.Decode(spec, images[i].Pack.ReadImage(images[i].Index))
            )
        );
    }

    public static DecodedBatch Start(BackboneSpec spec, IReadOnlyList<PackImage> images) => new(spec, images);

    /// <summary>
    /// Batches of all images, the next one being decoded while the present one is used. Dispose each before taking the
    /// next.
    /// </summary>
    public static IEnumerable<(PackImage[] Images, DecodedBatch Decoded)> Ahead(
        BackboneSpec spec,
        IEnumerable<PackImage> images,
        int batchRows
    )
    {
        (PackImage[] Images, DecodedBatch Decoded)? present = null;
        try
        {
            foreach (var chunk in images.Chunk(batchRows))
            {
                var next = (chunk, Start(spec, chunk));
                if (present is { } ready)
                {
                    present = next;
                    yield return ready;
                }
                present = next;
            }
            if (present is { } last)
            {
                present = null;
                yield return last;
            }
        }
        finally
        {
            present?.Decoded.Dispose();
        }
    }

    /// <summary>Waits for the decoding. On the device thread.</summary>
    /// <param name="backbone">Whose device gets the pixels.</param>
    /// <param name="chosen">Places among the images.</param>
    /// <param name="rows">At least as many; the rest is zero.</param>
    /// <returns>[rows, 3, S, S]</returns>
    /// <exception cref="InputException">image-unreadable, image-too-large.</exception>
    public Tensor Batch(Backbone backbone, IReadOnlyList<int> chosen, int rows)
    {
        try
        {
            _decoding.Wait();
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
        var side = backbone.Spec.InputSize;
        var length = RgbImage.Channels * side * side;
        return HostTensors.Write(
            backbone.Device,
            values =>
            {
                for (var i = 0; i < chosen.Count; i++)
                    _pixels[chosen[i]]!.Values.CopyTo(values.Slice(i * length, length));
            },
            rows,
            RgbImage.Channels,
            side,
            side
        );
    }

    public void Dispose()
    {
        try
        {
            _decoding.Wait();
        }
        catch (AggregateException)
        { /* told by Batch, or nobody needs it any more */
        }
        foreach (var pixels in _pixels)
            pixels?.Dispose();
    }
}
