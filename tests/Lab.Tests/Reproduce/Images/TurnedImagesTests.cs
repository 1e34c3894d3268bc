using System.IO.Compression;
using ComodCluster.Cli.Commands;
using ComodCluster.Lab.Reproduce.Images;
using ComodCluster.TestInfrastructure;
using SkiaSharp;

namespace ComodCluster.Lab.Tests.Reproduce.Images;

public sealed class TurnedImagesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Of_TenClasses_HasEachTwice_TheSecondUpsideDown()
    {
        using var zip = new ZipArchive(new MemoryStream(TurnedImages.Of(Zip(classes: 10))));
        Assert.Equal(2 * 2 * 10, zip.Entries.Count);
        using var upright = Read(zip, "train/class-3/a.png");
        using var turned = Read(zip, "train/class-3-upside-down/a.png");
        Assert.Equal(new SKColor(3, 10, 0), upright.GetPixel(0, 0));
        for (var y = 0; y < upright.Height; y++)
        for (var x = 0; x < upright.Width; x++)
            Assert.Equal(upright.GetPixel(x, y), turned.GetPixel(upright.Width - 1 - x, upright.Height - 1 - y));
        Assert.NotNull(zip.GetEntry("test/class-9-upside-down/a.png"));
    }

    [Fact]
    public void Of_NineClasses_SaysWhatIsNeeded()
    {
        var exception = Assert.Throws<UsageException>(() => TurnedImages.Of(Zip(classes: 9)));
        Assert.Contains("at least 10 classes", exception.Message);
    }

    /// <summary>One image of 3 x 2 pixels, all different, in each split of each class.</summary>
    private FileInfo Zip(int classes)
    {
        var path = _folder.File("images.zip");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        for (var label = 0; label < classes; label++)
        {
            using var image = new SKBitmap(3, 2);
            for (var i = 0; i < 6; i++)
                image.SetPixel(i % 3, i / 3, new SKColor((byte)label, 10, (byte)(40 * i)));
            foreach (var split in new[] { "train", "test" })
            {
                using var target = zip.CreateEntry($"{split}/class-{label}/a.png").Open();
                using var png = image.Encode(SKEncodedImageFormat.Png, 100);
                png.SaveTo(target);
            }
        }
        return new FileInfo(path);
    }

    private static SKBitmap Read(ZipArchive zip, string path)
    {
        using var stream = zip.GetEntry(path)!.Open();
        return SKBitmap.Decode(stream);
    }

    public void Dispose() => _folder.Dispose();
}
