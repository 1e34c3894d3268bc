using System.CommandLine;
using System.Security.Cryptography;
using ComodCluster.Api.Backbones;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Backbones;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.Cli.Tests.Data;
using ComodCluster.Client.Tests;
using ComodCluster.TestInfrastructure;
using Microsoft.AspNetCore.Http;

namespace ComodCluster.Cli.Tests.Backbones;

public sealed class RegisterBackboneTests : IAsyncLifetime
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;
    private static readonly byte[] s_weights = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];
    private static readonly string s_sha256 = Convert.ToHexStringLower(SHA256.HashData(s_weights));

    private readonly TempFolder _folder = new();
    private readonly SkippingTime _time = new();
    private readonly List<(string Query, byte[] Body)> _puts = [];
    private readonly List<string> _classes = ["output-0", "output-1"];
    private WebServer _silo = null!;

    private string Part => $"{s_sha256}.part";

    public async ValueTask InitializeAsync() =>
        _silo = await WebServer.Start(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _puts.Add(($"{context.Request.Path}{context.Request.QueryString}", body.ToArray()));
            context.Response.StatusCode = 201;
            await context.Response.WriteAsJsonAsync(
                new BackboneInfo
                {
                    Uid = "1",
                    Name = "net",
                    Phase = BackbonePhase.Ready,
                    Architecture = "resnet18",
                    InputSize = 224,
                    Classes = _classes,
                    Digest = "abc",
                    Created = default,
                }
            );
        });

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Register_Url_IsDownloadedUploadedAndForgotten()
    {
        await using var server = await FileServer.Start(new FileAnswer(s_weights));
        var (exit, said) = await Register("--url", $"{server.Url}", "--sha256", s_sha256.ToUpperInvariant());
        Assert.True(exit == 0, said);
        var (query, body) = Assert.Single(_puts);
        Assert.Equal(s_weights, body);
        Assert.Equal($"/v1/backbones/net?digest={s_sha256}", query);
        Assert.Contains("The 2 rows of its head have no names, only numbers: --class-file gives them.", said);
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task Register_UrlThatBreaks_GoesOnInThisRunAndInALaterOne()
    {
        await using (
            var server = await FileServer.Start(
                new FileAnswer(s_weights) { BreaksAfter = 700 },
                new FileAnswer(s_weights) { BreaksAfter = 50 },
                new FileAnswer(s_weights) { BreaksAfter = 0 }
            )
        )
        {
            var (exit, said) = await Register("--url", $"{server.Url}", "--sha256", s_sha256);
            Assert.Equal(1, exit);
            Assert.Contains("error download-broken: ", said);
            Assert.Contains("it goes on after 750 B, or give another address with --url.", said);
            Assert.Equal([null, "bytes=700-", "bytes=750-"], server.Requests.Take(3).Select(r => r.Range));
        }
        Assert.Equal([Part, $"{Part}.etag"], _folder.Files());
        await using var later = await FileServer.Start(new FileAnswer(s_weights));
        Assert.Equal(0, (await Register("--url", $"{later.Url}", "--sha256", s_sha256)).Exit);
        Assert.Equal([("bytes=750-", "\"one\"")], later.Requests);
        Assert.Equal(s_weights, Assert.Single(_puts).Body);
    }

    [Fact]
    public async Task Register_OtherFile_IsRefusedWithBothSumsAndNothingRemains()
    {
        await using var server = await FileServer.Start(new FileAnswer([1, 2, 3]));
        var (exit, said) = await Register("--url", $"{server.Url}", "--sha256", s_sha256);
        Assert.Equal((1, 2), (exit, server.Requests.Count));
        Assert.Contains(
            $"error download-checksum: {server.Url} has the SHA-256 {Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))} "
                + $"and not {s_sha256}, 2 times: it was deleted; give the address of an intact copy with --url, or the "
                + "right --sha256.",
            said
        );
        Assert.Empty(_folder.Files());
        Assert.Empty(_puts);
    }

    [Fact]
    public async Task Register_NobodyThere_LeavesNothing()
    {
        var (exit, said) = await Register("--url", "http://127.0.0.1:1/net.pth", "--sha256", s_sha256);
        Assert.Equal(1, exit);
        Assert.Contains(
            "error download-broken: http://127.0.0.1:1/net.pth cannot be downloaded (Connection refused): repeat the "
                + "command later, or give another address with --url.",
            said
        );
        Assert.Empty(_folder.Files());
    }

    /// <summary>Where an answer leads to.</summary>
    public static TheoryData<string> Elsewhere =>
        ["file:///etc/passwd", "ftp://127.0.0.1/weights", "data:,weights", "/again"];

    [Theory, MemberData(nameof(Elsewhere))]
    public async Task Register_RedirectToAnotherScheme_IsRefused(string other)
    {
        await using var server = await WebServer.Start(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = other;
            return Task.CompletedTask;
        });
        var (exit, said) = await Register("--url", $"{server.Url}weights.pth", "--sha256", s_sha256);
        Assert.Equal(1, exit);
        Assert.Contains(
            $"error download-refused: {server.Url}weights.pth leads to {(other[0] == '/' ? $"{server.Url}again" : other)}, where it is not followed",
            said
        );
    }

    [Fact]
    public async Task Register_LengthsThatLie_AreToldApart()
    {
        // More than any silo reads, by the announcement alone.
        await using var large = await WebServer.Start(context =>
        {
            context.Response.ContentLength = 3L << 30;
            return context.Response.Body.FlushAsync();
        });
        Assert.Contains(
            "has more than 2.0 GB: give the address of a smaller file with --url",
            (await Register("--url", $"{large.Url}", "--sha256", s_sha256)).Said
        );
        // Less than there is: what comes is another file.
        await using var less = await FileServer.Start(new FileAnswer(s_weights[..100]));
        Assert.Contains("error download-checksum", (await Register("--url", $"{less.Url}", "--sha256", s_sha256)).Said);
        Assert.Empty(_puts);
    }

    [Fact]
    public async Task Register_TwiceAtOnce_TheSecondSaysSo()
    {
        await using var server = await FileServer.Start(new FileAnswer(s_weights));
        await using var other = new FileStream(
            _folder.File(Part),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None
        );
        var (exit, said) = await Register("--url", $"{server.Url}", "--sha256", s_sha256);
        Assert.Equal(1, exit);
        Assert.Contains($"error download-busy: Another command writes to {_folder.File(Part)}", said);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("file")]
    public async Task Register_Classes_AreAListOrAFile(string form)
    {
        await File.WriteAllTextAsync(_folder.File("classes.txt"), "\ufeffapple\r\n\n red pear \n", s_cancellation);
        await File.WriteAllBytesAsync(_folder.File("net.pth"), s_weights, s_cancellation);
        _classes.Clear();
        string[] classes =
            form == "list" ? ["--classes", "apple, red pear"] : ["--class-file", _folder.File("classes.txt")];
        var (exit, said) = await Register([_folder.File("net.pth"), .. classes, "--input-size", "128"]);
        Assert.True(exit == 0, said);
        Assert.Equal(
            $"/v1/backbones/net?inputSize=128&classes=apple%2Cred%20pear&digest={s_sha256}",
            Assert.Single(_puts).Query
        );
        Assert.Contains("It has no head", said);
    }

    public static TheoryData<string[], string> Wrong { get; } =
        new()
        {
            { [], "Which weights? Give a file, or an address with --url and --sha256." },
            { ["{net}", "--url", "https://a/b", "--sha256", "{sha}"], "A file and --url are given" },
            { ["--url", "https://a/b"], "--url needs --sha256" },
            { ["{net}", "--sha256", "{sha}"], "--sha256 belongs to --url" },
            { ["--url", "https://a/b", "--sha256", "abc"], "'abc' is no SHA-256" },
            { ["--url", "file:///net.pth", "--sha256", "{sha}"], "'file:///net.pth' is no address of a file" },
            { ["{net}", "--class-file", "none.txt"], "There is no file none.txt: give --class-file a text file" },
            { ["{net}", "--class-file", "{comma}"], "Class 'tench, fish' has a comma" },
            { ["{net}", "--class-file", "{empty}"], "is empty: write a class on each line" },
            { ["{net}", "--classes", "{empty}"], "is a file: write '--class-file" },
            { ["{net}", "--classes", "a,b", "--class-file", "{comma}"], "--classes and --class-file are given" },
            { ["{net}", "--input-size", "95"], "--input-size is 95: give a number from 96 to 384" },
        };

    [Theory, MemberData(nameof(Wrong))]
    public async Task Register_Wrong_IsSaidBeforeAnythingIsDone(string[] words, string says)
    {
        foreach (var (name, text) in new[] { ("net", "w"), ("comma", "tench, fish\n"), ("empty", "\n") })
            await File.WriteAllTextAsync(_folder.File(name), text, s_cancellation);
        var (exit, said) = await Register([
            .. words.Select(word =>
                word == "{sha}" ? s_sha256
                : word[0] == '{' ? _folder.File(word[1..^1])
                : word
            ),
        ]);
        Assert.Equal(2, exit);
        Assert.Contains(says, said);
        Assert.Empty(_puts);
    }

    private async Task<(int Exit, string Said)> Register(params string[] words)
    {
        var terminal = SilentTerminal.Of(out var error) with { Time = _time };
        var exit = await CommandLine.Run(
            new RootCommand { new RegisterBackboneCommand(terminal, _folder.Path) },
            "comod",
            ["register", "net", .. words, "--address", $"{_silo.Url}"],
            terminal
        );
        return (exit, $"{error}");
    }
}
