using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>What was chosen, from what, and why in one sentence.</summary>
public sealed record ChoiceDecision(
    Method Method,
    int Folds,
    int Images,
    IReadOnlyList<CandidateScore> Candidates,
    string Reason
);
