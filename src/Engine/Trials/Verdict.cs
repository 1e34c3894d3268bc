namespace ComodCluster.Engine.Trials;

/// <summary>What a trial serves.</summary>
/// <param name="Kept">Why the base was kept, in one sentence; null where a step was better.</param>
internal sealed record Verdict(Candidate Candidate, string? Kept);
