using System.Security.Cryptography;
using ComodCluster.Contracts;
using ComodCluster.Silo.Api.Conventions;
using ComodCluster.Silo.Api.Datasets;

namespace ComodCluster.Silo.Tests.Api.Backbones;

public class UploadDigestTests
{
    private static readonly byte[] Body = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Body));

    [Fact]
    public void Expected_EachForm_GivesHexadecimal()
    {
        Assert.Null(ContentDigest.Expected(null, null));
        Assert.Equal(Digest, ContentDigest.Expected(Digest.ToUpperInvariant(), null));
        Assert.Equal(Digest, ContentDigest.Expected($"sha256:{Digest}", null));
        Assert.Equal(
            Digest,
            ContentDigest.Expected(null, $"sha-512=:AAAA:, sha-256=:{Convert.ToBase64String(SHA256.HashData(Body))}:")
        );
    }

    [Theory]
    [InlineData("abc", null)]
    [InlineData(null, "sha-256=:AAAA:")]
    [InlineData(null, "md5=:AAAA:")]
    public void Expected_NoSha256_Refused(string? query, string? header) =>
        Assert.Equal(400, Assert.Throws<ComodException>(() => ContentDigest.Expected(query, header)).Status);

    [Theory]
    [InlineData("89504E470D0A1A0A", "image/png")]
    [InlineData("FFD8FFE0", "image/jpeg")]
    [InlineData("524946460000000057454250", "image/webp")]
    [InlineData("424D0000", "image/bmp")]
    [InlineData("00", "application/octet-stream")]
    public void ImageType_FirstBytes_Decide(string bytes, string type) =>
        Assert.Equal(type, ImageType.Of(Convert.FromHexString(bytes)));
}
