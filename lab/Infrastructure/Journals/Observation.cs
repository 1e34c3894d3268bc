namespace ComodCluster.Infrastructure.Journals;

/// <summary>One measured number.</summary>
/// <param name="Study">Which curve or table it belongs to.</param>
/// <param name="Arm">Which of the methods compared.</param>
/// <param name="X">Place on the curve.</param>
/// <param name="Seed">What was drawn anew; values of the same seed are paired.</param>
public readonly record struct Observation(string Study, string Arm, double X, int Seed, double Value)
{
    /// <summary>Which of several tasks, each with seeds of its own; 0 where there is one.</summary>
    public int Task { get; init; }
}
