namespace ComodCluster.Benchmarks.Measuring;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">Interleaved samples of each contestant.</param>
internal sealed record Effort(bool IsQuick, int Rounds)
{
    public static Effort Full { get; } = new(false, 15);
    public static Effort Quick { get; } = new(true, 3);
}
