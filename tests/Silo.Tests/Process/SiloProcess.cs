using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ComodCluster.Silo.Hosting;
using ComodCluster.Silo.Tests.Cluster;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>A real silo process. Disposing kills it; one that nobody disposes ends with this process.</summary>
public sealed partial class SiloProcess : IAsyncDisposable
{
    private static readonly string[] Secrets = ["Comod:Database", "Comod:S3:SecretKey"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly System.Diagnostics.Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(string program, string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // Passwords belong into the environment: among the arguments the silo warns of them.
        var secrets = arguments.Where(argument => Secrets.Any(name => argument.StartsWith($"--{name}="))).ToArray();
        var start = new ProcessStartInfo(program, arguments.Where(argument => !secrets.Contains(argument)))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var secret in secrets.Select(secret => secret[2..].Split('=', 2)))
            start.Environment[secret[0].Replace(":", "__")] = secret[1];
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        _process = new System.Diagnostics.Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null && ReadyLine().Match(line.Data) is { Success: true } match)
                _ready.TrySetResult(match.Groups[1].Value);
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                if (line.Data is not null)
                    _errors.AppendLine(line.Data);
        };
        _process.Exited += (_, _) =>
            _ready.TrySetException(new InvalidOperationException("The silo ended before it was ready."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static string Today =>
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "comod-silo.exe" : "comod-silo");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Once it is ready; fails where it ends before.</summary>
    public Task<string> Address => _ready.Task.WaitAsync(Patience);

    public HttpClient Client { get; private set; } = new();

    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>Starts a silo on a free port and the CPU, and waits for the line that says it is ready.</summary>
    public static Task<SiloProcess> Ready(string data, params string[] more) => ReadyOf(Today, data, more);

    /// <inheritdoc cref="Ready"/>
    /// <param name="program">Program of another build.</param>
    public static async Task<SiloProcess> ReadyOf(string program, string data, params string[] more)
    {
        var silo = new SiloProcess(
            program,
            [
                $"--Comod:Storage={data}",
                "--port",
                "0",
                "--device",
                "cpu",
                "--threads",
                "1",
                "--parent-pid",
                $"{Environment.ProcessId}",
                .. more,
            ]
        );
        try
        {
            silo.Client = new HttpClient { BaseAddress = new Uri(await silo.Address) };
            return silo;
        }
        catch (Exception failure)
        {
            var errors = silo.Errors;
            await silo.DisposeAsync();
            throw new InvalidOperationException($"The silo is not ready: {errors}", failure);
        }
    }

    /// <summary>Starts a silo and waits until it answers, ready or not.</summary>
    public static async Task<SiloProcess> Listening(string data, params string[] more)
    {
        var silo = Begin(["--data-dir", data, "--port", "0", "--device", "cpu", "--threads", "1", .. more]);
        try
        {
            var file = Path.Combine(data, SiloAddressFile.Name);
            // A silo that was killed has left its own behind.
            var address = await TestCluster.Until(
                async () =>
                    File.Exists(file)
                        ? JsonSerializer.Deserialize<SiloAddressFile>(await File.ReadAllTextAsync(file))
                        : null,
                found => found?.Pid == silo.Id
            );
            silo.Client = new HttpClient { BaseAddress = new Uri(address!.Url) };
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public static SiloProcess Begin(params string[] arguments) => new(Today, arguments);

    /// <inheritdoc cref="Begin(string[])"/>
    /// <param name="environment">Its variables beside those of this process; null: not set.</param>
    public static SiloProcess Begin(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        new(Today, arguments, environment);

    /// <summary>
    /// Waits for the end of a silo that cannot start; its exit code and all that it wrote to standard error.
    /// </summary>
    public static Task<(int ExitCode, string Errors)> Fails(params string[] arguments) =>
        Fails(new Dictionary<string, string?>(), arguments);

    /// <inheritdoc cref="Fails(string[])"/>
    /// <param name="environment">Its variables beside those of this process; null: not set.</param>
    public static async Task<(int ExitCode, string Errors)> Fails(
        IReadOnlyDictionary<string, string?> environment,
        params string[] arguments
    )
    {
        await using var silo = new SiloProcess(Today, arguments, environment);
        return (await silo.Exit(), silo.Errors.TrimEnd());
    }

    /// <summary>
    /// The silo said in one sentence why it did not start, with these words in it and without a password.
    /// </summary>
    public static void OneSentence((int ExitCode, string Errors) end, int exitCode, params string[] named)
    {
        Assert.True(exitCode == end.ExitCode, $"{end.ExitCode}: {end.Errors}");
        Assert.StartsWith("comod silo: ", end.Errors);
        Assert.EndsWith(".", end.Errors);
        Assert.DoesNotContain("\n", end.Errors);
        Assert.DoesNotContain("Exception", end.Errors);
        Assert.All(new[] { "not-secret", "guessed" }, secret => Assert.DoesNotContain(secret, end.Errors));
        Assert.All(named, part => Assert.Contains(part, end.Errors));
    }

    /// <summary>Waits for the end by itself.</summary>
    public async Task<int> Exit()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await Exit();
    }

    /// <summary>SIGTERM, as an operator or a container stops it.</summary>
    public async Task<int> Terminate()
    {
        await Signal("-TERM");
        return await Exit();
    }

    /// <summary>SIGSTOP: the process lives and does nothing.</summary>
    public Task Pause() => Signal("-STOP");

    public Task Resume() => Signal("-CONT");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            await Kill();
        _process.Dispose();
    }

    private async Task Signal(string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [signal, Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    [GeneratedRegex("^comod silo ready on (http://\\S+) \\(data in .+, (?:device cpu|gateway)\\)$")]
    private static partial Regex ReadyLine();
}
