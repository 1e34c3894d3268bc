using System.Diagnostics;
using System.IO.Compression;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.Lab.Reproduce;
using ComodCluster.TestInfrastructure;
using SkiaSharp;

namespace ComodCluster.Lab.Tests.Reproduce.Images;

/// <summary>
/// With the silo that they start; the quick forms themselves are in <see cref="ReproduceCommandTests"/>.
/// </summary>
public sealed class ImageReproductionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("images-tuning", "missing.zip", 2, "There is no file")]
    [InlineData("neurips-decoding", "missing.zip", 2, "makes its own data: leave --dataset out.")]
    public async Task Run_DataThatCannotBeUsed_IsRefusedBeforeAnythingStarts(
        string name,
        string file,
        int code,
        string expected
    ) => Assert.Contains(expected, await Refused(name, _folder.File(file), code));

    [Theory]
    [InlineData(1, 1, "error dataset-one-class")]
    [InlineData(3, 2, "The tasks need 4 classes and the images have 3")]
    public async Task Run_ImagesWithTooFewClasses_SaysWhatIsMissing(int classes, int code, string expected)
    {
        var file = _folder.File("images.zip");
        await using (
            var zip = await ZipFile.OpenAsync(file, ZipArchiveMode.Create, TestContext.Current.CancellationToken)
        )
        {
            foreach (var split in new[] { "train", "test" })
                for (var c = 0; c < classes; c++)
                for (var i = 0; i < 4; i++)
                {
                    await using var entry = await zip.CreateEntry($"{split}/c{c}/{i}.png")
                        .OpenAsync(TestContext.Current.CancellationToken);
                    using var bitmap = new SKBitmap(16, 16);
                    bitmap.Erase(new SKColor((byte)(80 * c), (byte)(60 * i), 0));
                    using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
                    await entry.WriteAsync(png.ToArray(), TestContext.Current.CancellationToken);
                }
        }
        Assert.Contains(expected, await Refused("images-tuning", file, code));
        // Nothing of it is taken for done.
        Assert.Single(
            await File.ReadAllLinesAsync(
                _folder.File("images-tuning-quick.journal.jsonl"),
                TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task Run_Interrupted_LeavesNoSiloAndGoesOnWithTheCellsThatAreLeft()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It sends a signal and looks into /proc.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        // Where the tests themselves run in the background of a shell, SIGINT is ignored, and so it would be by their
        // children.
        using var comod = Process.Start(
            new ProcessStartInfo(
                "env",
                [
                    "--default-signal=INT",
                    Path.Combine(AppContext.BaseDirectory, "ComodCluster.Lab"),
                    "reproduce",
                    "images-tuning",
                    "--quick",
                    "--threads",
                    "1",
                    "--results",
                    _folder.Path,
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            while (
                await comod.StandardError.ReadLineAsync(patience.Token) is { } line
                && !line.StartsWith("images-tuning: ", StringComparison.Ordinal)
            ) { }
            string[] children =
            [
                .. Directory
                    .GetDirectories($"/proc/{comod.Id}/task")
                    .SelectMany(thread =>
                        File.ReadAllText(Path.Combine(thread, "children"))
                            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    ),
            ];
            var silo = Assert.Single(children);
            using (var signal = Process.Start("kill", ["-INT", $"{comod.Id}"]))
                await signal.WaitForExitAsync(patience.Token);
            var told = await comod.StandardError.ReadToEndAsync(patience.Token);
            await comod.WaitForExitAsync(patience.Token);
            Assert.Equal(130, comod.ExitCode);
            Assert.Contains("cells are in the journal; the same command goes on there.", told);
            Assert.False(Directory.Exists($"/proc/{silo}"));
        }
        finally
        {
            if (!comod.HasExited)
                comod.Kill(entireProcessTree: true);
        }
        Assert.Equal(
            0,
            await LabRoot.Run(
                ["reproduce", "images-tuning", "--quick", "--so-far", "--results", _folder.Path],
                SilentTerminal.Of(out _)
            )
        );
        Assert.Contains("images-tuning-quick-so-far.csv", _folder.Files());
    }

    [Theory]
    [InlineData("images-tuning", "3 x 50 50 0-3@4 0: gain 0.09 x 50")]
    [InlineData("images", "clutter 500 0-1@0 4: comodulation 0.09 x 150")]
    [InlineData("method-study", "5 own classes by layer2+layer3: scenes in clutter 20 0-1-2-3-4@2 2: gain 0.09 x 150")]
    public void Cells_AreNamedByWhatTheyAreTrainedWith(string name, string key)
    {
        var data = _folder.File("images.zip");
        File.WriteAllBytes(data, [1]);
        Assert.Contains(
            key,
            Reproductions.Find(name).Create(new(Quick: false, new FileInfo(data))).Cells.Select(cell => cell.Key)
        );
    }

    [Fact]
    public void Cells_OfArmsThatChangeTheNetwork_AreOfFewerDrawsInClutterAlone()
    {
        var data = _folder.File("images.zip");
        File.WriteAllBytes(data, [1]);
        var keys = Reproductions
            .Find("images")
            .Create(new(Quick: false, new FileInfo(data)))
            .Cells.Select(cell => cell.Key)
            .ToArray();
        Assert.Equal([0, 1], Seeds("clutter", "film"));
        Assert.Equal([0, 1, 2, 3, 4], Seeds("clutter", "gain"));
        Assert.Equal([0, 1, 2], Seeds("attributes", "film"));

        IEnumerable<int> Seeds(string protocol, string arm) =>
            keys.Where(key =>
                    key.StartsWith(protocol, StringComparison.Ordinal)
                    && key.Contains($": {arm} ", StringComparison.Ordinal)
                )
                .Select(key => int.Parse(key.Split(':')[0].Split(' ')[^1]))
                .Distinct()
                .Order();
    }

    private async Task<string> Refused(string name, string data, int code)
    {
        Assert.Equal(
            code,
            await LabRoot.Run(
                ["reproduce", name, "--quick", "--dataset", data, "--results", _folder.Path],
                SilentTerminal.Of(out var error)
            )
        );
        return error.ToString();
    }
}
