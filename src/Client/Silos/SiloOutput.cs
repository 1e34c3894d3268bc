namespace ComodCluster.Client.Silos;

/// <summary>The last lines that a silo wrote: they tell why it ended.</summary>
internal sealed class SiloOutput
{
    private const int Kept = 20;
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

    /// <summary>One sentence: the line that the silo marks as its error, else its last one.</summary>
    public string Reason(int exitCode)
    {
        lock (_gate)
        {
            var line = _lines.LastOrDefault(text => text.StartsWith("error", StringComparison.OrdinalIgnoreCase)) ?? _lines.LastOrDefault();
            return line is null
                ? $"The silo ended with exit code {exitCode} and without a word: start it with 'comod silo' to see more."
                : $"The silo did not start: {line}";
        }
    }
}
