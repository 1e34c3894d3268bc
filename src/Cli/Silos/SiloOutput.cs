namespace ComodCluster.Cli.Silos;

/// <summary>
/// What a silo writes: all of it in a file beside its data, the last lines in memory: they tell why it ended.
/// </summary>
internal sealed class SiloOutput(string directory)
{
    /// <summary>Below the data directory; begun anew when it is larger than a few megabytes.</summary>
    public const string FileName = "silo.log";

    private const long MostBytes = 8 << 20;
    private const int Kept = 20;

    /// <summary>How the silo begins its last words, which say why it did not start.</summary>
    private const string Refusal = "comod silo: ";

    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_gate)
        {
            _lines.Enqueue(line.Trim());
            if (_lines.Count > Kept)
                _lines.Dequeue();
            Append(line);
        }
    }

    private void Append(string line)
    {
        try
        {
            var file = new FileInfo(Path.Combine(directory, FileName));
            if (file is { Exists: true, Length: > MostBytes })
                file.Delete();
            File.AppendAllText(file.FullName, line + Environment.NewLine);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A log that cannot be kept stops nothing: the folder may be gone already.
        }
    }

    /// <summary>
    /// The sentence that the silo ends with, or its list of all that is wrong with its settings; else its last line.
    /// </summary>
    public string Reason(int exitCode)
    {
        lock (_gate)
        {
            var lines = _lines.ToList();
            if (lines.FindLastIndex(text => text.StartsWith(Refusal, StringComparison.Ordinal)) is var last and >= 0)
                return string.Join(Environment.NewLine, lines[last..])[Refusal.Length..];
            return _lines.Count == 0
                ? $"The silo ended with exit code {exitCode} and without a word: start it with 'comod silo' to see "
                    + $"more."
                : $"The silo did not start: {_lines.Last()}";
        }
    }
}
