using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ComodCluster.Client.Commands.Chaos;

/// <summary>A PostgreSQL server of Debian's package in a folder of its own, on a free port of the loopback. It ends with the process that started it, however that ends.</summary>
internal sealed class LocalPostgres : IAsyncDisposable
{
    private const string Password = "not-secret", User = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _binaries;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("comod-postgres-");
    private readonly int _port = FreePort();
    private Process? _process;

    private LocalPostgres(string binaries) => _binaries = binaries;

    private string Data => Path.Combine(_folder.FullName, "data");

    public static bool IsInstalled => FindBinaries() is not null;

    /// <exception cref="InvalidOperationException">It is not installed, or does not start.</exception>
    public static async Task<LocalPostgres> StartNew()
    {
        var server = new LocalPostgres(FindBinaries() ?? throw new InvalidOperationException("PostgreSQL is not installed: install Debian's package postgresql."));
        try
        {
            var passwords = Path.Combine(server._folder.FullName, "password");
            await File.WriteAllTextAsync(passwords, Password);
            if (Environment.UserName == "root") await Run("chown", "-R", User, server._folder.FullName);
            await Run([.. AsUser(), Path.Combine(server._binaries, "initdb"), "--pgdata", server.Data, "--username", User, "--pwfile", passwords,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
            await server.Start();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <param name="database">For example <c>postgres</c>, which every server has.</param>
    public string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database={database};Username={User};Password={Password};Timeout=5");

    /// <summary>Returns once it accepts connections; always on the same port.</summary>
    /// <exception cref="InvalidOperationException">It does not within half a minute.</exception>
    public async Task Start()
    {
        // The shell ends the server when its own input ends: when this process stops it, or is killed.
        var serve = $"exec 2>/dev/null; '{Path.Combine(_binaries, "postgres")}' -D '{Data}' -c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories= "
            + "-c max_connections=200 -c fsync=off </dev/null >'" + Path.Combine(_folder.FullName, "log") + "' 2>&1 & server=$!; read -r _; kill -CONT $server $(pgrep -P $server); kill -INT $server; wait $server";
        string[] command = [.. AsUser(), "bash", "-c", serve];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true })!;
        var start = Stopwatch.GetTimestamp();
        while (!await Accepts())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new InvalidOperationException($"PostgreSQL does not accept connections: {await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "log"))}");
            await Task.Delay(50);
        }
    }

    /// <summary>A fast shutdown.</summary>
    public async Task Stop()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>kill -9 of the server's first process; the others follow.</summary>
    public async Task Kill()
    {
        await Signal("-KILL", alsoChildren: false);
        await Stop();
    }

    /// <summary>The server hangs: it takes no processor time and answers nothing.</summary>
    public Task Pause() => Signal("-STOP", alsoChildren: true);

    public Task Resume() => Signal("-CONT", alsoChildren: true);

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _folder.Delete(recursive: true);
    }

    private async Task Signal(string signal, bool alsoChildren)
    {
        var first = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        await Run("bash", "-c", $"kill {signal} {first} {(alsoChildren ? $"$(pgrep -P {first})" : "")}");
    }

    private async Task<bool> Accepts()
    {
        using var ask = Process.Start(new ProcessStartInfo(Path.Combine(_binaries, "pg_isready"), ["--host=127.0.0.1", $"--port={_port}", "--timeout=1", "--quiet"]))!;
        await ask.WaitForExitAsync();
        return ask.ExitCode == 0;
    }

    private static string? FindBinaries()
    {
        var folders = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(v => v, StringComparer.Ordinal).Select(v => v + "/bin") : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)).FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")));
    }

    // The server refuses to run as root.
    private static string[] AsUser() => Environment.UserName == "root" ? ["runuser", "-u", User, "--"] : [];

    private static async Task Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} failed: {await output} {await errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
