using ComodCluster.Silo.Configuration;

namespace ComodCluster.Silo.Hosting;

/// <summary>The silo's arguments: <c>--Comod:Key=value</c>, <c>--Logging:...=value</c> and a few short names.</summary>
public static class CommandLine
{
    public const string Usage = """
        usage: comod-silo [--data-dir DIR] [--port N] [--address URL] [--device auto|cpu|cuda[:N]] [--threads N] [--parent-pid N] [--accept-lost-writes N] [--release-blobs WORD] [--Comod:Key=VALUE ...]
               comod-silo restore DIRECTORY [--backup N] [--skip-lost] [--data-dir DIR] [--Comod:Key=VALUE ...]

          --data-dir DIR   directory of the catalog and the blobs; one process at a time
          --secrets-dir DIR
                           directory of files such as Comod__Database, each with one setting
          --port N         HTTP port on this machine [5080]; 0 takes a free one
          --address URL    HTTP address [http://127.0.0.1:5080]; loopback only
          --device NAME    where tensors live [auto]
          --threads N      threads of the device [all cores]
          --parent-pid N   stop when that process ends
          --accept-lost-writes N
                           start although the catalog has lost writes: the number that the refusal names
          --release-blobs WORD
                           let go of blobs that were held back: the word that the log event 1005 names
          --backup N       backup of the directory to restore [the latest finished one]
          --skip-lost      restore what is left where files of the backup are missing or have changed

        Every setting can also be given as environment variable Comod__Key or in appsettings.json under "Comod".
        """;

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["--data-dir"] = "Storage",
        ["--secrets-dir"] = "Secrets",
        ["--port"] = "Port",
        ["--address"] = "Url",
        ["--device"] = "Device",
        ["--threads"] = "Threads",
        ["--parent-pid"] = "ParentProcess",
        ["--accept-lost-writes"] = "AcceptLostWrites",
        ["--release-blobs"] = "ReleaseBlobs",
    };

    private static readonly Dictionary<string, string> EarlierSpellings = new(StringComparer.Ordinal)
    {
        ["--data"] = "--data-dir",
        ["--url"] = "--address",
    };

    private static readonly string[] Sections = ["--Comod:", "--Logging:"];

    public static bool AsksForHelp(IEnumerable<string> arguments) =>
        arguments.Any(argument => argument is "--help" or "-h" or "-?");

    /// <summary>The arguments as <c>--Section:Key=value</c>.</summary>
    /// <exception cref="StartupException">An argument is unknown or lacks its value (exit code 2).</exception>
    public static string[] Normalize(IReadOnlyList<string> arguments)
    {
        var normal = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].IndexOf('=') is var at and > 0
                ? (arguments[i][..at], arguments[i][(at + 1)..])
                : (arguments[i], null);
            if (EarlierSpellings.TryGetValue(name, out var now))
                throw new StartupException($"{name} is {now} now: write {now}=VALUE.", StartupException.UsageExitCode);
            if (
                !ShortNames.TryGetValue(name, out var key)
                && !Sections.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase))
            )
                throw new StartupException(
                    $"'{arguments[i]}' is no argument of the silo; run it with --help for the list.",
                    StartupException.UsageExitCode
                );
            value ??=
                i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal)
                    ? arguments[++i]
                    : throw new StartupException(
                        $"{name} needs a value; write {name}=VALUE.",
                        StartupException.UsageExitCode
                    );
            normal.Add(key is null ? $"{name}={value}" : $"--{SiloOptions.Section}:{key}={value}");
        }
        return [.. normal];
    }
}
