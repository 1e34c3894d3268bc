namespace ComodCluster.Client.Silos;

/// <summary>The last lines that a silo wrote: they tell why it ended.</summary>
internal sealed class SiloOutput
{
    private const int Kept = 20;

    /// <summary>How the silo begins the sentence that says why it did not start.</summary>
    private const string Refusal = "comod silo: ";

    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        lock (_gate)
        {
            _lines.Enqueue(line.Trim());
            if (_lines.Count > Kept) _lines.Dequeue();
        }
    }

    /// <summary>One sentence: the one that the silo ends with, else its last line.</summary>
    public string Reason(int exitCode)
    {
        lock (_gate)
        {
            if (_lines.LastOrDefault(text => text.StartsWith(Refusal, StringComparison.Ordinal)) is { } refusal) return refusal[Refusal.Length..];
            return _lines.Count == 0
                ? $"The silo ended with exit code {exitCode} and without a word: start it with 'comod silo' to see more."
                : $"The silo did not start: {_lines.Last()}";
        }
    }
}
