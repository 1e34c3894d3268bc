namespace ComodCluster.Cli.Silos;

/// <summary>How a silo is started.</summary>
internal sealed record SiloSettings
{
    public required string DataDirectory { get; init; }

    /// <summary>Where it listens; port 0: any free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary><c>auto</c>, <c>cpu</c> or <c>cuda[:n]</c>; null: the silo's default.</summary>
    public string? Device { get; init; }

    /// <summary>Threads of the engine; null: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>The silo ends when this process does; null: it does not look.</summary>
    public int? Parent { get; init; } = Environment.ProcessId;

    /// <summary>Words of the program that runs it, such as <c>ip netns exec NAME</c>; none: it is run
    /// directly.</summary>
    public IReadOnlyList<string> Under { get; init; } = [];

    /// <summary>Further arguments.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>The silo's arguments.</summary>
    public IEnumerable<string> Arguments()
    {
        yield return $"--Comod:Url={Url}";
        yield return $"--Comod:Storage={DataDirectory}";
        if (Device is not null)
            yield return $"--Comod:Device={Device}";
        if (Threads is { } threads)
            yield return $"--Comod:Threads={threads}";
        if (Parent is { } parent)
            yield return $"--Comod:ParentProcess={parent}";
        foreach (var argument in More)
            yield return argument;
    }

    /// <summary>The user's own directory, for commands that are given neither an address nor a directory.</summary>
    public static string DefaultDirectory()
    {
        var home = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify
        );
        return home.Length == 0 ? Path.GetFullPath("comod-data") : Path.Combine(home, "comod-data");
    }
}
