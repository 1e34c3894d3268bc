namespace ComodCluster.Cli.Commands.Demo;

/// <summary>Everything that the demo measured: the content of <c>--json</c>.</summary>
internal sealed record DemoResult
{
    public required IReadOnlyList<DemoRow> Rows { get; init; }

    /// <summary>Mean accuracy of each method over tasks and seeds, 0 to 1.</summary>
    public required IReadOnlyDictionary<string, double?> Means { get; init; }

    /// <summary>
    /// After <c>kill -9</c> and a new start: the same versions are served and every probability is the same bit by bit.
    /// </summary>
    public required bool RestartIdentical { get; init; }

    /// <summary>After the revert: every probability is that from before, bit by bit.</summary>
    public required bool RevertIdentical { get; init; }
    public required PredictLatency PredictMilliseconds { get; init; }
    public required long LargestStateBytes { get; init; }
    public required string Backbone { get; init; }

    /// <summary>Profile: precision, rows of a batch and threads.</summary>
    public required string Profile { get; init; }
    public required IReadOnlyList<int> Seeds { get; init; }
    public required string Machine { get; init; }
    public required string Command { get; init; }
    public required DateTimeOffset Date { get; init; }
    public required double SecondsTotal { get; init; }
}
