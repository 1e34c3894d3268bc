namespace ComodCluster.Cli.Commands.Watching;

/// <summary>What a bar shows; null where nothing is known.</summary>
internal sealed record BarState
{
    /// <summary>0 to 1.</summary>
    public required double Progress { get; init; }
    public required string? Activity { get; init; }
    public required double? Loss { get; init; }
    public required double? Accuracy { get; init; }
    public required double? ImagesPerSecond { get; init; }
    public required double? SecondsLeft { get; init; }
    public required bool Done { get; init; }
    public required bool Failed { get; init; }
}
