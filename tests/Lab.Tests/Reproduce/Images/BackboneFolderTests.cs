using ComodCluster.Lab.Reproduce.Images;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Reproduce.Images;

public sealed class BackboneFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Find_WhatWasKept_IsThereForTheSameImagesAlone()
    {
        var folder = Of(new string('a', 64));
        Assert.Null(folder.Find("half"));
        await folder.Keep("half", weights => weights.WriteAsync(new byte[] { 1, 2 }).AsTask());
        Assert.Equal(
            [1, 2],
            await File.ReadAllBytesAsync(folder.Find("half")!.FullName, TestContext.Current.CancellationToken)
        );
        Assert.Null(folder.Find("pairs-0"));
        Assert.Null(Of(new string('b', 64)).Find("half"));
    }

    [Fact]
    public async Task Keep_WritingFails_LeavesNothingToFind()
    {
        var folder = Of(new string('a', 64));
        await Assert.ThrowsAsync<IOException>(() => folder.Keep("half", _ => throw new IOException("no space")));
        Assert.Null(folder.Find("half"));
    }

    private BackboneFolder Of(string digest) =>
        new(new DirectoryInfo(Path.Combine(_folder.Path, "backbones")), () => digest);
}
