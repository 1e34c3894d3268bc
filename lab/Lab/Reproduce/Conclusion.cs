using ComodCluster.Lab.Plots;

namespace ComodCluster.Lab.Reproduce;

/// <summary>What follows from all observations.</summary>
/// <param name="Criteria">What was published, and whether it holds here.</param>
/// <param name="Remarks">Sentences without a criterion: what decides, what differs.</param>
/// <param name="Plots">By the ending of their files' names.</param>
internal sealed record Conclusion(
    IReadOnlyList<Criterion> Criteria,
    IReadOnlyList<string> Remarks,
    IReadOnlyDictionary<string, LinePlot> Plots
)
{
    /// <summary>Lines of CSV with their heading, by the ending of their files' names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Tables { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();
}
