using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ComodCluster.Infrastructure.Linux;
using Npgsql;

namespace ComodCluster.Infrastructure.Servers;

/// <summary>
/// A PostgreSQL server of Debian's package in a folder of its own, on a free port of the loopback. It ends with the
/// process that started it, however that ends.
/// </summary>
public sealed class LocalPostgres : IAsyncDisposable
{
    private const string Password = "not-secret",
        User = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _binaries,
        _folder,
        _address;
    private readonly int _port = FreePort();
    private Process? _process;
    private int _databases;

    private LocalPostgres(string binaries, string folder, string address) =>
        (_binaries, _folder, _address) = (binaries, folder, address);

    private string Data => Path.Combine(_folder, "data");

    public static bool IsInstalled => FindBinaries() is not null;

    /// <param name="folder">The server's own; deleted at the end.</param>
    /// <param name="address">That it listens on.</param>
    /// <param name="subnet">Whose addresses may connect; null: the loopback's only.</param>
    /// <exception cref="InvalidOperationException">It is not installed, or does not start.</exception>
    public static async Task<LocalPostgres> StartNew(string folder, string address = "127.0.0.1", string? subnet = null)
    {
        var server = new LocalPostgres(
            FindBinaries()
                ?? throw new InvalidOperationException(
                    "PostgreSQL is not installed: install Debian's package postgresql."
                ),
            Directory.CreateDirectory(folder).FullName,
            address
        );
        try
        {
            var passwords = Path.Combine(server._folder, "password");
            await File.WriteAllTextAsync(passwords, Password);
            if (Environment.UserName == "root")
                await ShellCommand.Run("chown", "-R", User, server._folder);
            await ShellCommand.Run([
                .. AsUser(),
                Path.Combine(server._binaries, "initdb"),
                "--pgdata",
                server.Data,
                "--username",
                User,
                "--pwfile",
                passwords,
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
                "--no-sync",
            ]);
            if (subnet is not null)
                await File.AppendAllTextAsync(
                    Path.Combine(server.Data, "pg_hba.conf"),
                    $"host all all {subnet} scram-sha-256\n"
                );
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
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host={_address};Port={_port};Database={database};Username={User};Password={Password};Timeout=5"
        );

    /// <summary>Connection string of a new database.</summary>
    /// <param name="like">Connection string of the one that it copies, to which nobody is connected; null: it is
    /// empty.</param>
    public async Task<string> NewDatabase(string? like = null)
    {
        var template = like is null ? "" : $" TEMPLATE {new NpgsqlConnectionStringBuilder(like).Database}";
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}{template}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Returns once it accepts connections; always on the same port.</summary>
    /// <exception cref="InvalidOperationException">It does not within half a minute.</exception>
    public async Task Start()
    {
        // The shell ends the server when its own input ends: when this process stops it, or is killed.
        var serve =
            $"exec 2>/dev/null; '{Path.Combine(_binaries, "postgres")}' -D '{Data}' -c listen_addresses={_address} "
            + $"-c port={_port} -c unix_socket_directories= "
            + "-c max_connections=200 -c fsync=off -c max_wal_size=96MB </dev/null >'"
            + Path.Combine(_folder, "log")
            + "' 2>&1 & server=$!; read -r _; kill -CONT $server $(pgrep -P $server); kill -INT $server; wait $server";
        string[] command = [.. AsUser(), "bash", "-c", serve];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true })!;
        var start = Stopwatch.GetTimestamp();
        while (!await Accepts())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new InvalidOperationException(
                    $"PostgreSQL does not accept connections: "
                        + $"{await File.ReadAllTextAsync(Path.Combine(_folder, "log"))}"
                );
            await Task.Delay(50);
        }
    }

    /// <summary>A fast shutdown.</summary>
    public async Task Stop()
    {
        if (_process is null)
            return;
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

    /// <summary>Copies the data directory, while the server is stopped for a moment.</summary>
    public async Task Snapshot(string folder)
    {
        await Stop();
        await ShellCommand.Run("cp", "--archive", Data, folder);
        await Start();
    }

    /// <summary>kill -9, and it goes on with the data directory as it was copied, as a stand-by that lagged
    /// would.</summary>
    public async Task FailOver(string folder)
    {
        await Kill();
        await ShellCommand.Run("rm", "--recursive", Data);
        await ShellCommand.Run("cp", "--archive", folder, Data);
        await Start();
    }

    /// <summary>pg_dump of a database into a file, while it serves.</summary>
    public Task Dump(string database, string file) =>
        ShellCommand.Run(Path.Combine(_binaries, "pg_dump"), "--format=custom", $"--file={file}", Uri(database));

    /// <summary>pg_restore into a database, over what is there.</summary>
    public Task Load(string database, string file) =>
        ShellCommand.Run(
            Path.Combine(_binaries, "pg_restore"),
            "--clean",
            "--if-exists",
            "--single-transaction",
            $"--dbname={Uri(database)}",
            file
        );

    /// <summary>The server hangs: it takes no processor time and answers nothing.</summary>
    public Task Pause() => Signal("-STOP", alsoChildren: true);

    public Task Resume() => Signal("-CONT", alsoChildren: true);

    /// <summary>Starts it again where it has ended by itself.</summary>
    public async Task Revive()
    {
        if (await Accepts())
            return;
        await Stop();
        await Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private string Uri(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://{User}:{Password}@{_address}:{_port}/{database}");

    private async Task Signal(string signal, bool alsoChildren)
    {
        var first = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        await ShellCommand.Run("bash", "-c", $"kill {signal} {first} {(alsoChildren ? $"$(pgrep -P {first})" : "")}");
    }

    private async Task<bool> Accepts()
    {
        using var ask = Process.Start(
            new ProcessStartInfo(
                Path.Combine(_binaries, "pg_isready"),
                [$"--host={_address}", $"--port={_port}", "--timeout=1", "--quiet"]
            )
        )!;
        await ask.WaitForExitAsync();
        return ask.ExitCode == 0;
    }

    private static string? FindBinaries()
    {
        var folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(v => v, StringComparer.Ordinal)
                .Select(v => v + "/bin")
            : [];
        return folders
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")));
    }

    // The server refuses to run as root.
    private static string[] AsUser() => Environment.UserName == "root" ? ["runuser", "-u", User, "--"] : [];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
