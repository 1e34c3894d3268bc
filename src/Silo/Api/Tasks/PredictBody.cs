using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Silo.Bodies;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ComodCluster.Silo.Api.Tasks;

/// <summary>The encoded images of a prediction, each within its limit before the next is read.</summary>
public static class PredictBody
{
    public const int MaxImages = 64;

    /// <summary>Bytes of one encoded image.</summary>
    public const int MaxImageBytes = 20_000_000;

    /// <exception cref="ComodException">request-invalid (400): no image, too many, no form.</exception>
    /// <exception cref="RefusalException">body-too-slow (408), busy (429).</exception>
    public static async Task<IReadOnlyList<SentImage>> Read(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            var images = Boundary(request) is { } boundary
                ? await ReadParts(new MultipartReader(boundary, request.Body), cancellation)
                : [await ReadImage(request.Body, 0, null, cancellation)];
            // What follows the last part belongs to the digest.
            await request.Body.CopyToAsync(Stream.Null, cancellation);
            return images is [] or [{ Bytes.Length: 0, Refusal: null }]
                ? throw Invalid("The request has no image; send one as the body or as parts of a form.")
                : images;
        }
        catch (Exception refused)
            when (refused is ComodException or RefusalException { Refusal.Status: StatusCodes.Status429TooManyRequests }
            )
        {
            // The route's limit and the pace bound this.
            if (request.HttpContext.Features.Get<IncomingBody>() is { } body)
                await body.Discard(cancellation);
            throw;
        }
        catch (Exception malformed)
            when (malformed is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Invalid(
                "The form cannot be read; send parts as multipart/form-data with the boundary that the Content-Type "
                    + "header names."
            );
        }
    }

    private static string? Boundary(HttpRequest request)
    {
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        )
            return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is > 0 and <= 128
            ? boundary.ToString()
            : throw Invalid("The form has no boundary; send Content-Type: multipart/form-data; boundary=...");
    }

    private static async Task<List<SentImage>> ReadParts(MultipartReader form, CancellationToken cancellation)
    {
        var images = new List<SentImage>();
        while (await form.ReadNextSectionAsync(cancellation) is { } part)
        {
            if (images.Count == MaxImages)
                throw Invalid($"The form has more than {MaxImages} images; send them in several requests.");
            images.Add(await ReadImage(part.Body, images.Count, NameOf(part), cancellation));
        }
        return images;
    }

    private static string? NameOf(MultipartSection part) =>
        part.GetContentDispositionHeader() is { } header
            ? HeaderUtilities.RemoveQuotes(header.FileNameStar.HasValue ? header.FileNameStar : header.FileName).Value
            : null;

    private static async Task<SentImage> ReadImage(Stream body, int index, string? name, CancellationToken cancellation)
    {
        using var image = new PooledBytes();
        while (await body.ReadAsync(image.Free, cancellation) is > 0 and var read)
        {
            if (image.Length + read > MaxImageBytes)
            {
                await body.CopyToAsync(Stream.Null, cancellation);
                return new(
                    [],
                    name,
                    new(
                        index,
                        "image-too-large",
                        $"An image has more than {MaxImageBytes / 1_000_000} MB; send it smaller: the backbone looks "
                            + $"at a few hundred pixels.",
                        name
                    )
                );
            }
            image.Wrote(read);
        }
        return new(image.ToArray(), name);
    }

    private static ComodException Invalid(string message) =>
        new(ErrorCodes.RequestInvalid, StatusCodes.Status400BadRequest, message);
}
