using System.Security.Cryptography;
using ComodCluster.Contracts;
using ComodCluster.Silo.Api.Datasets;
using ComodCluster.Silo.Bodies;

namespace ComodCluster.Silo.Tests.Bodies;

public class UploadDigestTests
{
    private static readonly byte[] Body = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Body));

    [Fact]
    public async Task DigestCheckedStream_PromisedBytes_ReadThrough()
    {
        using var read = new MemoryStream();
        await using var stream = new DigestCheckedStream(new MemoryStream(Body), Digest);
        await stream.CopyToAsync(read, TestContext.Current.CancellationToken);
        Assert.Equal(Body, read.ToArray());
    }

    [Fact]
    public async Task DigestCheckedStream_OtherBytes_RefusedAtTheEnd()
    {
        await using var stream = new DigestCheckedStream(new MemoryStream(Body[..^1]), Digest);
        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken)
        );
        Assert.Equal(("digest-mismatch", 400), (refusal.Code, refusal.Status));
        Assert.Contains(Digest, refusal.Message);
    }

    [Fact]
    public void Expected_EachForm_GivesHexadecimal()
    {
        Assert.Null(ContentDigest.OfQuery(null));
        Assert.Null(ContentDigest.OfHeader(null));
        Assert.Equal(Digest, ContentDigest.OfQuery(Digest.ToUpperInvariant()));
        Assert.Equal(Digest, ContentDigest.OfQuery($"sha256:{Digest}"));
        Assert.Equal(
            Digest,
            ContentDigest.OfHeader($"sha-512=:AAAA:, sha-256=:{Convert.ToBase64String(SHA256.HashData(Body))}:")
        );
    }

    [Theory]
    [InlineData("sha-256=:AAAA:")]
    [InlineData("md5=:AAAA:")]
    public void Expected_NoSha256_Refused(string header)
    {
        Assert.Equal(400, Assert.Throws<ComodException>(() => ContentDigest.OfQuery("abc")).Status);
        Assert.Equal(400, Assert.Throws<ComodException>(() => ContentDigest.OfHeader(header)).Status);
    }

    [Theory]
    [InlineData("89504E470D0A1A0A", "image/png")]
    [InlineData("FFD8FFE0", "image/jpeg")]
    [InlineData("524946460000000057454250", "image/webp")]
    [InlineData("424D0000", "image/bmp")]
    [InlineData("00", "application/octet-stream")]
    public void ImageType_FirstBytes_Decide(string bytes, string type) =>
        Assert.Equal(type, ImageType.Of(Convert.FromHexString(bytes)));
}
