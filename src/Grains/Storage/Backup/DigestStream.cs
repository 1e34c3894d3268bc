using System.Security.Cryptography;

namespace ComodCluster.Grains.Storage.Backup;

/// <summary>Writes to another stream and knows the digest of what was written. Leaves the other one open.</summary>
/// <param name="wrote">Told of each piece: its bytes.</param>
/// <param name="fault">What a failure of the other stream is thrown as; null: as it is.</param>
internal sealed class DigestStream(Stream to, Action<long> wrote, Func<Exception, Exception?> fault) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>SHA-256, lower-case hexadecimal; asked once, at the end.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        _hash.AppendData(buffer.Span);
        try
        {
            await to.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (fault(e) is { } known)
        {
            throw known;
        }
        wrote(buffer.Length);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await to.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (fault(e) is { } known)
        {
            throw known;
        }
    }

    public override void Flush() => to.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
