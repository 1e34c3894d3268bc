using System.CommandLine;
using System.IO.Compression;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Data.Get;
using ComodCluster.Cli.Commands.Downloads;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.Client.Tests;
using ComodCluster.TestInfrastructure;
using SkiaSharp;

namespace ComodCluster.Cli.Tests.Data;

public sealed class GetCifarTests : IDisposable
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();
    private readonly SkippingTime _time = new();

    private string Target => _folder.File("cifar.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Get_Cifar10_HasEveryImageInItsClassFolder()
    {
        await using var server = await FileServer.Start(new FileAnswer(TinyCifar.Ten));
        var (exit, said) = await Get(TinyCifar.Source10(server.Url));
        Assert.Equal((0, "cifar.zip"), (exit, Assert.Single(_folder.Files())));
        Assert.Contains("8 train and 2 test images, 2 classes", said);
        Assert.Contains("Next: comod data upload cifar.zip --name cifar10", said);
        // Batches count in the order of their numbers, not of the archive.
        (string, int)[] images =
        [
            ("train/truck/0000.png", 0),
            ("train/truck/0001.png", 1),
            ("train/airplane/0000.png", 2),
            ("train/airplane/0001.png", 3),
            ("train/airplane/0002.png", 4),
            ("train/truck/0002.png", 5),
            ("train/airplane/0003.png", 6),
            ("train/truck/0003.png", 7),
            ("test/truck/0000.png", 8),
            ("test/airplane/0000.png", 9),
        ];
        AssertImages(images);
    }

    [Fact]
    public async Task Get_Cifar100_HasClassFoldersAndTheTableOfSuperclasses()
    {
        await using var server = await FileServer.Start(new FileAnswer(TinyCifar.Hundred));
        Assert.Equal(0, (await Get(TinyCifar.Source100(server.Url))).Exit);
        AssertImages(
            [
                ("train/apple/0000.png", 0),
                ("train/bed/0000.png", 1),
                ("train/pear/0000.png", 2),
                ("train/apple/0001.png", 3),
                ("train/bed/0001.png", 4),
                ("train/pear/0001.png", 5),
                ("test/apple/0000.png", 6),
                ("test/bed/0000.png", 7),
                ("test/pear/0000.png", 8),
            ],
            "superclasses.tsv"
        );
        using var zip = ZipFile.OpenRead(Target);
        using var table = new StreamReader(zip.GetEntry("superclasses.tsv")!.Open());
        Assert.Equal("apple\tfruit\nbed\tfurniture\npear\tfruit\n", await table.ReadToEndAsync(s_cancellation));
    }

    [Fact]
    public async Task Get_Superclasses_AreTheFoldersAndNamesKeepTheClass()
    {
        await using var server = await FileServer.Start(new FileAnswer(TinyCifar.Hundred));
        Assert.Contains(
            "2 superclasses of 3 classes",
            (await Get(TinyCifar.Source100(server.Url), "--superclasses")).Said
        );
        AssertImages([
            ("train/fruit/apple-0000.png", 0),
            ("train/furniture/bed-0000.png", 1),
            ("train/fruit/pear-0000.png", 2),
            ("train/fruit/apple-0001.png", 3),
            ("train/furniture/bed-0001.png", 4),
            ("train/fruit/pear-0001.png", 5),
            ("test/fruit/apple-0000.png", 6),
            ("test/furniture/bed-0000.png", 7),
            ("test/fruit/pear-0000.png", 8),
        ]);
    }

    [Fact]
    public async Task Get_Twice_WritesTheSameBytes()
    {
        await using var server = await FileServer.Start(new FileAnswer(TinyCifar.Ten));
        await Get(TinyCifar.Source10(server.Url));
        var first = await File.ReadAllBytesAsync(Target, s_cancellation);
        Assert.Equal(0, (await Get(TinyCifar.Source10(server.Url), "--force")).Exit);
        Assert.Equal(first, await File.ReadAllBytesAsync(Target, s_cancellation));
    }

    [Fact]
    public async Task Get_ConnectionBreaksTwice_GoesOnWhereItStopped()
    {
        await using var server = await FileServer.Start(
            new FileAnswer(TinyCifar.Ten) { BreaksAfter = 700 },
            new FileAnswer(TinyCifar.Ten) { BreaksAfter = 50 },
            new FileAnswer(TinyCifar.Ten)
        );
        var (exit, said) = await Get(TinyCifar.Source10(server.Url));
        Assert.Equal(0, exit);
        Assert.Equal([(null, null), ("bytes=700-", "\"one\""), ("bytes=750-", "\"one\"")], server.Requests);
        Assert.Contains("stopped after 700 B (the connection broke)", said);
        Assert.Equal(["cifar.zip"], _folder.Files());
    }

    [Fact]
    public async Task Get_ConnectionBreaksForGood_KeepsThePartAndALaterRunGoesOnWithIt()
    {
        await using (
            var server = await FileServer.Start(
                new FileAnswer(TinyCifar.Ten) { BreaksAfter = 700 },
                new FileAnswer(TinyCifar.Ten) { BreaksAfter = 0 }
            )
        )
        {
            var (exit, said) = await Get(TinyCifar.Source10(server.Url));
            Assert.Equal((1, 5), (exit, server.Requests.Count));
            Assert.Contains("error download-broken: ", said);
            Assert.Contains("it goes on after 700 B", said);
            Assert.Equal(["cifar.zip.part", "cifar.zip.part.etag"], _folder.Files());
        }
        Assert.Equal([1, 2, 4, 8], _time.Waits.Select(wait => (int)wait.TotalSeconds));
        await using var later = await FileServer.Start(new FileAnswer(TinyCifar.Ten));
        Assert.Equal(0, (await Get(TinyCifar.Source10(later.Url))).Exit);
        Assert.Equal([("bytes=700-", "\"one\"")], later.Requests);
        Assert.Equal(["cifar.zip"], _folder.Files());
    }

    [Fact]
    public async Task Get_FileChangedMeanwhile_IsNotGluedTogether()
    {
        byte[] old = [.. TinyCifar.Ten.Reverse()];
        await using var server = await FileServer.Start(
            new FileAnswer(old) { Tag = "\"old\"", BreaksAfter = 700 },
            new FileAnswer(TinyCifar.Ten)
        );
        Assert.Equal(0, (await Get(TinyCifar.Source10(server.Url))).Exit);
        // The checksum of the first whole file is right: it was taken from its beginning.
        Assert.Equal([(null, null), ("bytes=700-", "\"old\"")], server.Requests);
    }

    [Theory]
    [InlineData(false, "\"one\"", "bytes=700-")] // a server without ranges
    [InlineData(true, null, null)] // nothing to tell whether it is the same file
    [InlineData(true, "W/\"one\"", null)] // nor does a weak tag
    public async Task Get_WhereNothingCanBeContinued_BeginsAnew(bool ranges, string? tag, string? asked)
    {
        var whole = new FileAnswer(TinyCifar.Ten) { Ranges = ranges, Tag = tag };
        await using var server = await FileServer.Start(whole with { BreaksAfter = 700 }, whole);
        Assert.Equal(0, (await Get(TinyCifar.Source10(server.Url))).Exit);
        Assert.Equal([null, asked], server.Requests.Select(request => request.Range));
    }

    [Fact]
    public async Task Get_PartLongerThanTheFile_BeginsAnew()
    {
        await File.WriteAllBytesAsync(Target + ".part", [.. TinyCifar.Ten, 1, 2, 3], s_cancellation);
        await File.WriteAllTextAsync(Target + ".part.etag", "\"one\"", s_cancellation);
        await using var server = await FileServer.Start(new FileAnswer(TinyCifar.Ten));
        Assert.Equal(0, (await Get(TinyCifar.Source10(server.Url))).Exit);
        Assert.Equal([$"bytes={TinyCifar.Ten.Length + 3}-", null], server.Requests.Select(request => request.Range));
    }

    [Fact]
    public async Task Get_PartThatIsWhole_AsksForNothing()
    {
        await File.WriteAllBytesAsync(Target + ".part", TinyCifar.Ten, s_cancellation);
        Assert.Equal(0, (await Get(TinyCifar.Source10(new Uri("http://127.0.0.1:1/nobody")))).Exit);
        Assert.Equal(["cifar.zip"], _folder.Files());
    }

    [Fact]
    public async Task Get_WrongChecksumOnce_IsDeletedSaidAndDownloadedAnew()
    {
        byte[] damaged = [.. TinyCifar.Ten];
        damaged[700] ^= 1;
        await using var server = await FileServer.Start(new FileAnswer(damaged), new FileAnswer(TinyCifar.Ten));
        var (exit, said) = await Get(TinyCifar.Source10(server.Url));
        Assert.Equal(0, exit);
        Assert.Contains(
            $"has the MD5 {TinyCifar.Md5(damaged)} and not {TinyCifar.Md5(TinyCifar.Ten)}: it was deleted and is "
                + $"downloaded anew.",
            said
        );
        Assert.Equal([null, null], server.Requests.Select(request => request.Range));
    }

    [Fact]
    public async Task Get_WrongChecksumAlways_IsRefusedAndNothingRemains()
    {
        await using var server = await FileServer.Start(new FileAnswer([1, 2, 3]));
        var (exit, said) = await Get(TinyCifar.Source10(server.Url));
        Assert.Equal((1, 2), (exit, server.Requests.Count));
        Assert.Contains("error download-checksum: ", said);
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task Get_MirrorOfAnotherFile_IsRefusedByTheOfficialChecksum()
    {
        await using var server = await FileServer.Start(new FileAnswer(TinyCifar.Hundred));
        Assert.Equal(
            1,
            await ComodRoot.Run(
                ["data", "get", "cifar100", "--from", server.Url.ToString(), "--out", Target],
                SilentTerminal.Of(out var error)
            )
        );
        Assert.Contains("and not 03b5dce01913d631647c71ecec9e9cb8, 2 times", error.ToString());
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task Get_ServerThatIsBusyFirst_IsAskedAgain()
    {
        await using var server = await FileServer.Start(
            new FileAnswer([]) { Status = 503 },
            new FileAnswer(TinyCifar.Ten)
        );
        var (exit, said) = await Get(TinyCifar.Source10(server.Url));
        Assert.Equal(0, exit);
        Assert.Contains("the server answers 503", said);
    }

    [Fact]
    public async Task Get_NoSuchFile_SaysSoAtOnce()
    {
        await using var server = await FileServer.Start(new FileAnswer([]) { Status = 404 });
        var (exit, said) = await Get(TinyCifar.Source10(server.Url));
        Assert.Equal((1, 1), (exit, server.Requests.Count));
        Assert.Contains("error download-refused: ", said);
        Assert.Contains("answers 404 Not Found: give the address of a copy with --from", said);
    }

    [Fact]
    public async Task Get_NobodyThere_SaysWhy()
    {
        var (exit, said) = await Get(TinyCifar.Source10(new Uri("http://127.0.0.1:1/nobody")));
        Assert.Equal(1, exit);
        Assert.Contains(
            "error download-broken: http://127.0.0.1:1/nobody cannot be downloaded (Connection refused)",
            said
        );
    }

    [Fact]
    public async Task Bring_ServerThatFallsSilent_IsLeftAndAskedForTheRest()
    {
        await using var server = await FileServer.Start(
            new FileAnswer(TinyCifar.Ten) { BreaksAfter = 700, Hangs = true },
            new FileAnswer(TinyCifar.Ten)
        );
        var part = new PartFile(Target);
        using var http = Download.NewHttp(server.Url);
        await new Download(http, Silent(out var said), patience: TimeSpan.FromSeconds(2)).Bring(
            new(server.Url, Checksum.Md5(TinyCifar.Md5(TinyCifar.Ten)), "--from"),
            part,
            s_cancellation
        );
        Assert.Equal([null, "bytes=700-"], server.Requests.Select(request => request.Range));
        Assert.Contains("nothing came for 2 s", said.ToString());
        Assert.Equal(TinyCifar.Ten, await File.ReadAllBytesAsync(Target, s_cancellation));
    }

    [Fact]
    public async Task Get_TargetThatIsThere_IsRefusedBeforeAnythingIsDownloaded()
    {
        await File.WriteAllTextAsync(Target, "mine", s_cancellation);
        await using var server = await FileServer.Start(new FileAnswer(TinyCifar.Ten));
        var (exit, said) = await Get(TinyCifar.Source10(server.Url));
        Assert.Equal(
            (2, 0, "mine"),
            (exit, server.Requests.Count, await File.ReadAllTextAsync(Target, s_cancellation))
        );
        Assert.Contains("give --force to overwrite it", said);
    }

    [Theory]
    [InlineData("cifar.zip.part")]
    [InlineData("cifar.zip.new")]
    public async Task Get_DiskFull_SaysSoAndLeavesNothingHalfWritten(string file)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux has /dev/full.");
        File.CreateSymbolicLink(_folder.File(file), "/dev/full");
        await using var server = await FileServer.Start(new FileAnswer(TinyCifar.Ten));
        var (exit, said) = await Get(TinyCifar.Source10(server.Url));
        Assert.Equal(1, exit);
        Assert.Contains($"error disk-full: The disk of {_folder.Path} is full", said);
        Assert.DoesNotContain("cifar.zip", _folder.Files());
        Assert.DoesNotContain("cifar.zip.new", _folder.Files());
    }

    [Fact]
    public async Task Get_Interrupted_KeepsThePart()
    {
        await using var server = await FileServer.Start(
            new FileAnswer(TinyCifar.Ten) { BreaksAfter = 700, Hangs = true }
        );
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(s_cancellation);
        using var watch = new FileSystemWatcher(_folder.Path, "*.part") { NotifyFilter = NotifyFilters.Size };
        watch.Changed += (_, _) => interrupt.Cancel();
        watch.EnableRaisingEvents = true;
        var part = new PartFile(Target + ".part");
        using var http = Download.NewHttp(server.Url);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new Download(http, Silent(out _)).Bring(
                new(server.Url, Checksum.Md5(TinyCifar.Md5(TinyCifar.Ten)), "--from"),
                part,
                interrupt.Token
            )
        );
        Assert.Equal(700, part.Length);
        Assert.NotNull(part.Mark);
    }

    private async Task<(int Exit, string Said)> Get(CifarSource source, params string[] options)
    {
        var terminal = Silent(out var error) with { Out = SilentTerminal.Of(out var written).Error };
        var exit = await new RootCommand { new GetCifarCommand(terminal, source) }
            .Parse([source.Name, "--out", Target, .. options])
            .InvokeAsync(cancellationToken: s_cancellation);
        return (exit, $"{written}{error}");
    }

    private Terminal Silent(out StringWriter error) => SilentTerminal.Of(out error) with { Time = _time };

    private void AssertImages((string Name, int Image)[] images, params string[] others)
    {
        using var zip = ZipFile.OpenRead(Target);
        Assert.Equal(
            images.Select(image => image.Name).Concat(others).Order(),
            zip.Entries.Select(entry => entry.FullName).Order()
        );
        foreach (var (name, image) in images)
        {
            using var stream = zip.GetEntry(name)!.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            using var bitmap = SKBitmap.Decode(copy.ToArray());
            Assert.Equal((TinyCifar.Side, TinyCifar.Side), (bitmap.Width, bitmap.Height));
            foreach (var (y, x) in new[] { (0, 0), (0, 31), (31, 0), (13, 22) })
            {
                var pixel = bitmap.GetPixel(x, y);
                Assert.Equal(
                    (TinyCifar.Value(image, 0, y, x), TinyCifar.Value(image, 1, y, x), TinyCifar.Value(image, 2, y, x)),
                    (pixel.Red, pixel.Green, pixel.Blue)
                );
            }
        }
    }
}
