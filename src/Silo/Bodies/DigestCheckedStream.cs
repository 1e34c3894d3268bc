using System.Security.Cryptography;
using ComodCluster.Contracts;

namespace ComodCluster.Silo.Bodies;

/// <summary>
/// Reads through to another stream and refuses its end where the bytes do not have the digest that was promised.
/// </summary>
public sealed class DigestCheckedStream(Stream inner, string sha256) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <exception cref="ComodException">digest-mismatch (400), at the end.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (read > 0)
            _hash.AppendData(buffer.Span[..read]);
        else if (buffer.Length > 0)
            ContentDigest.Require(sha256, Convert.ToHexStringLower(_hash.GetCurrentHash()));
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
