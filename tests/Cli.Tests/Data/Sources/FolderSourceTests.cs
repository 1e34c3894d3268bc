using System.IO.Compression;
using ComodCluster.Api.Jobs;
using ComodCluster.Cli.Commands.Data.Sources;
using ComodCluster.Cli.Commands.Files;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.TestInfrastructure;
using Microsoft.AspNetCore.Http;

namespace ComodCluster.Cli.Tests.Data.Sources;

public sealed class FolderSourceTests : IDisposable
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Send_Folder_IsAZipOfItsFilesWithNamesInUtf8()
    {
        Write("köfer/2.png", 3);
        Write("käfer/1.png", 300_000);
        Write("käfer/.gitkeep", 0);
        await using var server = await Server.Start();
        using var source = await ArchiveSource.Of(_folder.Path + '/', SilentTerminal.Of(out _), s_cancellation);
        var sent = await server.Send(source);
        Assert.Equal(source.Bytes, sent.Length);
        using var zip = new ZipArchive(new MemoryStream(sent), ZipArchiveMode.Read);
        Assert.Equal(["käfer/1.png", "köfer/2.png"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal([300_000, 3], zip.Entries.Select(entry => entry.Length));
    }

    [Fact]
    public async Task Of_SameFilesWrittenInAnotherOrder_HasTheSameDigest()
    {
        using var other = new TempFolder();
        foreach (var name in (string[])["a/1.png", "b/2.png", "b/1.png"])
            Write(name, 10);
        foreach (var name in (string[])["b/1.png", "b/2.png", "a/1.png"])
            await File.WriteAllBytesAsync(other.File(name), new byte[10], s_cancellation);
        var digests = new List<string>();
        foreach (var path in (string[])[_folder.Path, other.Path, $"{_folder.Path}/*/*.png"])
            using (var source = await ArchiveSource.Of(path, SilentTerminal.Of(out _), s_cancellation))
                digests.Add(source.Digest);
        Assert.Single(digests.Distinct());
    }

    /// <summary>The server must not take what it has for a whole archive.</summary>
    [Theory]
    [InlineData("same length")]
    [InlineData("longer")]
    [InlineData("another file")]
    [InlineData("removed")]
    public async Task Send_ChangedSinceItWasRead_BreaksOffAndSaysSo(string change)
    {
        Write("a/1.png", 200_000);
        Write("b/1.png", 200_000);
        await using var server = await Server.Start();
        using var source = await ArchiveSource.Of(_folder.Path, SilentTerminal.Of(out _), s_cancellation);
        switch (change)
        {
            case "same length":
                await File.WriteAllBytesAsync(
                    _folder.File("b/1.png"),
                    [.. Enumerable.Repeat((byte)7, 200_000)],
                    s_cancellation
                );
                break;
            case "longer":
                Write("b/1.png", 200_001);
                break;
            case "another file":
                Write("b/2.png", 1);
                break;
            default:
                File.Delete(_folder.File("b/1.png"));
                break;
        }
        var failure = await Assert.ThrowsAsync<FileException>(() => server.Send(source));
        Assert.Contains("changed while they were sent: do the same again", failure.Message);
        Assert.False(await server.GotAll);
    }

    [Theory]
    [InlineData("link", "b/x.png is a link: put the file itself in its place.")]
    [InlineData("link to a folder", "b/x.png is a link to a folder: put the folder itself in its place.")]
    [InlineData("pipe", "b/x.png is empty or no ordinary file: take it out.")]
    [InlineData("empty", "b/x.png is empty or no ordinary file: take it out.")]
    [InlineData("name", " has a name that is not UTF-8: rename it.")]
    public async Task Of_FileThatCannotBePacked_IsNamedWithTheFix(string kind, string sentence)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a file system that has them.");
        Write("a/1.png", 5);
        var path = _folder.File("b/x.png");
        switch (kind)
        {
            case "link":
                File.CreateSymbolicLink(path, _folder.File("a/1.png"));
                break;
            case "link to a folder":
                Directory.CreateSymbolicLink(path, _folder.Path);
                break;
            case "pipe":
                await Shell($"mkfifo '{path}'");
                break;
            case "empty":
                Write("b/x.png", 0);
                break;
            default:
                await Shell($"printf x > \"$(printf '{_folder.Path}/b/\\344.png')\"");
                break;
        }
        var failure = await Assert.ThrowsAsync<FileException>(() =>
            ArchiveSource.Of(_folder.Path, SilentTerminal.Of(out _), s_cancellation)
        );
        Assert.EndsWith(sentence, failure.Message);
        // .NET cannot name what has no name in UTF-8, nor remove it.
        await Shell($"rm -r '{_folder.Path}/b'");
    }

    [Fact]
    public async Task Of_FolderWithoutFiles_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<FileException>(() =>
            ArchiveSource.Of(_folder.Path, SilentTerminal.Of(out _), s_cancellation)
        );
        Assert.StartsWith("There is no file to upload", failure.Message);
    }

    [Fact]
    public async Task Read_StandardInput_IsKeptUntilItIsSentAndNotLonger()
    {
        await using var server = await Server.Start();
        byte[] bytes = [1, 2, 3];
        var source = await InputSource.Read(new MemoryStream(bytes), s_cancellation);
        using (source)
            Assert.Equal(bytes, await server.Send(source));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => server.Send(source));
    }

    private void Write(string name, int bytes) => File.WriteAllBytes(_folder.File(name), new byte[bytes]);

    private static async Task Shell(string command)
    {
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync(s_cancellation);
        Assert.Equal(0, shell.ExitCode);
    }

    /// <summary>Takes one upload.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TaskCompletionSource<bool> _gotAll = new();
        private WebServer _web = null!;
        private byte[] _body = [];

        public Task<bool> GotAll => _gotAll.Task.WaitAsync(s_cancellation);

        public static async Task<Server> Start()
        {
            var server = new Server();
            server._web = await WebServer.Start(server.Answer);
            return server;
        }

        public async Task<byte[]> Send(ArchiveSource source)
        {
            using var client = _web.Client();
            await source.Send(client.Datasets, new("x", 0, "job", new()), new Progress<long>(), s_cancellation);
            return _body;
        }

        public ValueTask DisposeAsync() => _web.DisposeAsync();

        private async Task Answer(HttpContext context)
        {
            using var body = new MemoryStream();
            try
            {
                await context.Request.Body.CopyToAsync(body);
                _body = body.ToArray();
                _gotAll.TrySetResult(true);
            }
            catch (Exception)
            {
                _gotAll.TrySetResult(false);
                throw;
            }
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsJsonAsync(
                new JobInfo
                {
                    Id = "job",
                    Kind = JobKind.Import,
                    Subject = "x",
                    Phase = JobPhase.Queued,
                    Progress = 0,
                    Created = DateTimeOffset.UnixEpoch,
                }
            );
        }
    }
}
