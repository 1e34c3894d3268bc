using System.IO.Compression;
using ComodCluster.Cli.Commands;
using ComodCluster.Lab.Reproduce.Images;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Reproduce.Images;

public sealed class PretrainingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_OfHalf_AreThoseOfItsClassesWithoutThePoolThatTasksAdaptFrom()
    {
        var names = Names(
            Pretraining.Images(Pretraining.Half, Data(classes: 10, train: Pretraining.AdaptPerClass + 4), perFolder: 2)
        );
        Assert.Equal(5 * (2 + 1), names.Length);
        Assert.Contains("train/c4/c4-1000.jpg", names);
        Assert.Contains("test/c4/c4-0000.jpg", names);
        Assert.DoesNotContain(
            names,
            name => name.Contains("c3", StringComparison.Ordinal) || name.EndsWith("0999.jpg", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Images_OfPairs_LieTwoClassesInAFolder()
    {
        var names = Names(
            Pretraining.Images(
                Pretraining.Pairs(2),
                Data(classes: 10, train: Pretraining.AdaptPerClass + 3),
                perFolder: 2
            )
        );
        Assert.Equal(
            ["c0-and-c5", "c1-and-c6", "c2-and-c7", "c3-and-c8", "c4-and-c9"],
            names.Select(name => name.Split('/')[1]).Distinct().Order()
        );
        Assert.Contains("train/c0-and-c5/c5-1000.jpg", names);
        Assert.Contains("train/c0-and-c5/c0-1000.jpg", names);
        Assert.DoesNotContain("train/c0-and-c5/c0-1001.jpg", names);
    }

    [Theory, InlineData(9, 1001), InlineData(10, 1000)]
    public void Images_TooFewClassesOrImages_AreRefused(int classes, int train) =>
        Assert.Contains(
            "give a zip of",
            Assert
                .Throws<UsageException>(() => Pretraining.Images(Pretraining.Half, Data(classes, train), perFolder: 2))
                .Message
        );

    private FileInfo Data(int classes, int train)
    {
        var file = new FileInfo(_folder.File("images.zip"));
        using var zip = ZipFile.Open(file.FullName, ZipArchiveMode.Create);
        for (var c = 0; c < classes; c++)
        {
            for (var i = 0; i < train; i++)
                zip.CreateEntry($"train/c{c}/{i:0000}.jpg");
            zip.CreateEntry($"test/c{c}/0000.jpg");
        }
        return file;
    }

    private static string[] Names(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }
}
