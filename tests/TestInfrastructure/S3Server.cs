using System.Diagnostics;
using System.Globalization;

namespace ComodCluster.TestInfrastructure;

/// <summary>An S3-compatible server with one bucket, in a folder of its own, on a free port of the loopback. It ends with the process that started it, however that ends.</summary>
public sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "blobs";

    // What this server knows; see tests/S3Server.
    public const string AccessKey = "S3RVER", SecretKey = "S3RVER";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _program;
    private readonly TempFolder _folder = new();
    private Process? _process;
    private int _port;
    private int _activations;

    private S3Server(string program) => _program = program;

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    /// <summary>Where Node.js or the server's packages are missing the calling test is skipped, or fails if CI=true.</summary>
    public static async Task<S3Server> StartNew()
    {
        var server = new S3Server(FindProgram() ?? throw Missing.Of("The S3 server of the tests is not installed; run .ci/setup, or install Node.js and run 'npm ci' in tests/S3Server."));
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

    /// <summary>For a test of its own, as <c>Comod:Blobs</c> takes it.</summary>
    public string NewPrefix() => string.Create(CultureInfo.InvariantCulture, $"s3://{Bucket}/test{Interlocked.Increment(ref _activations)}");

    /// <summary>The file with an object's bytes.</summary>
    public string FileOf(string prefix, string key) => Path.Combine(_folder.Path, prefix["s3://".Length..], key + "._S3rver_object");

    /// <summary>Keys below a prefix.</summary>
    public IReadOnlyList<string> Keys(string prefix)
    {
        var folder = Path.Combine(_folder.Path, prefix["s3://".Length..]);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*._S3rver_object", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)[..^"._S3rver_object".Length]).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Returns once it listens; always on the same port.</summary>
    public async Task Start()
    {
        _process = Process.Start(new ProcessStartInfo("node", [_program, _folder.Path, _port.ToString(CultureInfo.InvariantCulture), Bucket]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(Patience);
        var line = await _process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The S3 server ended before it listened.");
        _port = int.Parse(line, CultureInfo.InvariantCulture);
    }

    public async Task Stop()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _folder.Dispose();
    }

    private static string? FindProgram()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, OperatingSystem.IsWindows() ? "node.exe" : "node")))) return null;
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            var folder = Path.Combine(above.FullName, "tests", "S3Server");
            if (Directory.Exists(Path.Combine(folder, "node_modules"))) return Path.Combine(folder, "server.js");
        }
        return null;
    }
}
