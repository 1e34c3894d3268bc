using System.Diagnostics;
using System.Globalization;

namespace ComodCluster.Infrastructure.Servers;

/// <summary>
/// An S3-compatible server with one bucket, in a folder of its own, on a free port of the loopback. It ends with the
/// process that started it, however that ends.
/// </summary>
public sealed class LocalS3 : IAsyncDisposable
{
    public const string Bucket = "blobs";

    // What this server knows; see lab/S3Server.
    public const string AccessKey = "S3RVER",
        SecretKey = "S3RVER";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _program;
    private readonly string _folder = Directory.CreateTempSubdirectory("comod-s3-").FullName;
    private Process? _process;
    private int _port;
    private int _prefixes;

    private LocalS3(string program) => _program = program;

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    public static bool IsInstalled => FindProgram() is not null;

    /// <exception cref="InvalidOperationException">Node.js or the server's packages are missing, or it does not
    /// start.</exception>
    public static async Task<LocalS3> StartNew()
    {
        var server = new LocalS3(
            FindProgram()
                ?? throw new InvalidOperationException(
                    "The S3 server is not installed: run .ci/setup, or install Node.js and run 'npm ci' in "
                        + "lab/S3Server."
                )
        );
        try
        {
            await server.Start();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new one, as <c>Comod:Blobs</c> takes it.</summary>
    public string NewPrefix() =>
        string.Create(CultureInfo.InvariantCulture, $"s3://{Bucket}/test{Interlocked.Increment(ref _prefixes)}");

    /// <summary>The file with an object's bytes.</summary>
    public string FileOf(string prefix, string key) =>
        Path.Combine(_folder, prefix["s3://".Length..], key + "._S3rver_object");

    /// <summary>Keys below a prefix.</summary>
    public IReadOnlyList<string> Keys(string prefix)
    {
        var folder = Path.Combine(_folder, prefix["s3://".Length..]);
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*._S3rver_object", SearchOption.AllDirectories)
                    .Select(f => Path.GetRelativePath(folder, f)[..^"._S3rver_object".Length])
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>Returns once it listens; always on the same port.</summary>
    public async Task Start()
    {
        _process = Process.Start(
            new ProcessStartInfo("node", [_program, _folder, _port.ToString(CultureInfo.InvariantCulture), Bucket])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        using var patience = new CancellationTokenSource(Patience);
        var line =
            await _process.StandardOutput.ReadLineAsync(patience.Token)
            ?? throw new InvalidOperationException("The S3 server ended before it listened.");
        _port = int.Parse(line, CultureInfo.InvariantCulture);
    }

    public async Task Stop()
    {
        if (_process is null)
            return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindProgram()
    {
        if (
            !(Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator)
                .Any(f => File.Exists(Path.Combine(f, OperatingSystem.IsWindows() ? "node.exe" : "node")))
        )
            return null;
        var folder = Repository.At("lab/S3Server");
        return Directory.Exists(Path.Combine(folder, "node_modules")) ? Path.Combine(folder, "server.js") : null;
    }
}
