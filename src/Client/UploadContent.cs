using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace ComodCluster.Client;

/// <summary>Streams a file and tells how far it is.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int Chunk = 1 << 17;
    private readonly Stream _source;
    private readonly IProgress<long>? _sent;

    public UploadContent(Func<Stream> open, string mediaType, IProgress<long>? sent)
    {
        _source = open();
        _sent = sent;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            long total = 0;
            int read;
            while ((read = await _source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                _sent?.Report(total += read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _source.CanSeek ? _source.Length : 0;
        return _source.CanSeek;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }
}
