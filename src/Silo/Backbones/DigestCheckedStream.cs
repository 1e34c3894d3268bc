using System.Security.Cryptography;
using ComodCluster.Contracts;
using ComodCluster.Silo.Problems;

namespace ComodCluster.Silo.Backbones;

/// <summary>
/// Reads through to another stream and refuses its end where the bytes do not have the digest that was promised.
/// </summary>
public sealed class DigestCheckedStream(Stream inner, string sha256) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ComodException">digest-mismatch (422), at the end.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (read > 0)
            _hash.AppendData(buffer.Span[..read]);
        else if (buffer.Length > 0)
            Check();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Read it asynchronously.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Check()
    {
        var actual = Convert.ToHexStringLower(_hash.GetCurrentHash());
        if (actual != sha256)
            throw ComodException.Invalid(
                HttpCodes.DigestMismatch,
                $"The body has the SHA-256 {actual}, not {sha256}; it was damaged on the way or is another file: "
                    + $"send it again."
            );
    }
}
