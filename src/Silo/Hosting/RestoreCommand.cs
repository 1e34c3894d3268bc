using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Backup;
using ComodCluster.Silo.Configuration;

namespace ComodCluster.Silo.Hosting;

/// <summary><c>comod-silo restore</c>: puts a backup where the settings say that a silo's data are. No silo
/// runs.</summary>
public static class RestoreCommand
{
    public const string Verb = "restore";

    private const string SkipLost = "--skip-lost",
        Backup = "--backup";

    private const int Interrupted = 130;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <param name="arguments">Those after the verb: a directory, and the silo's.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartupException">An argument is wrong; see also <see cref="BackupRestore.Run"/>.</exception>
    public static async Task<int> Run(IReadOnlyList<string> arguments)
    {
        var (directory, number, skipsLost, more) = Parse(arguments);
        var options = SiloOptionsReader.Read(SiloHost.NewBuilder(more).Configuration);
        using var ending = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        var backup = BackupRestore.Find(directory, number);
        UnfinishedRestore.Begin(options.Storage);
        var leavesNothing = true;
        IReadOnlyList<string> lost;
        try
        {
            await using var storage = Storage(options);
            var restore = storage.GetRequiredService<BackupRestore>();
            try
            {
                lost = await restore.Run(directory, backup, skipsLost, Told(), ending.Token);
            }
            finally
            {
                leavesNothing = options is { Database: null, Blobs: null } || !restore.HasWritten;
            }
        }
        catch
        {
            if (leavesNothing)
                UnfinishedRestore.Undo(options.Storage);
            if (!ending.IsCancellationRequested)
                throw;
            await Console.Error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }
        UnfinishedRestore.End(options.Storage);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Restored backup {backup.Number} of {backup.Created:yyyy-MM-dd HH:mm:ss} UTC: {backup.Blobs:N0} "
                    + $"files, {Bytes(backup.Bytes)}. A silo can start on it."
            )
        );
        if (lost.Count > 0)
            Console.WriteLine($"Without the files of {string.Join(", ", lost)}: make these anew.");
        return 0;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }

    private static (string Directory, int? Number, bool SkipsLost, string[] More) Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || arguments[0].StartsWith('-'))
            throw Usage("The directory of the backup is missing; write comod-silo restore DIRECTORY.");
        int? number = null;
        var (skipsLost, more) = (false, new List<string>());
        for (var i = 1; i < arguments.Count; i++)
            if (arguments[i] == SkipLost)
                skipsLost = true;
            else if (arguments[i] == Backup)
                number =
                    i + 1 < arguments.Count
                    && int.TryParse(arguments[++i], CultureInfo.InvariantCulture, out var given)
                    && given > 0
                        ? given
                        : throw Usage($"{Backup} needs the number of a backup: 1 or more.");
            else
                more.Add(arguments[i]);
        return (Path.GetFullPath(arguments[0]), number, skipsLost, [.. more]);
    }

    private static StartupException Usage(string sentence) => new(sentence, StartupException.UsageExitCode);

    private static ServiceProvider Storage(SiloOptions options) =>
        new ServiceCollection()
            .AddLogging()
            .AddStorage(options.ApplyTo)
            .AddDatasetReferences()
            .AddBackups()
            .BuildServiceProvider();

    /// <summary>A line now and then.</summary>
    private static Action<RestoreState> Told()
    {
        var (gate, last) = (new Lock(), Stopwatch.GetTimestamp());
        return state =>
        {
            lock (gate)
            {
                if (Stopwatch.GetElapsedTime(last) < Pause)
                    return;
                last = Stopwatch.GetTimestamp();
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{state.BlobsDone:N0} of {state.Blobs:N0} files, {Bytes(state.BytesDone)} of "
                            + $"{Bytes(state.Bytes)}"
                    )
                );
            }
        };
    }

    private static string Bytes(long bytes) =>
        bytes < 1 << 30
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.0} GB");
}
