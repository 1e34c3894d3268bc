using ComodCluster.Api;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Cli.Tests.Commands;

public class SlugTests
{
    [Theory]
    [InlineData("CIFAR-10 (small).zip", "cifar-10-small-zip")]
    [InlineData("2026 parts", "x2026-parts")]
    [InlineData("--", "x")]
    [InlineData("", "x")]
    public void Of_AnyText_IsAName(string text, string expected)
    {
        Assert.Equal(expected, Slug.Of(text));
        Assert.True(ObjectNames.IsValid(Slug.Of(text)));
    }

    [Fact]
    public void Of_LongText_IsCut() => Assert.Equal("aaaa", Slug.Of("aaaa-bbbb", 5));
}
