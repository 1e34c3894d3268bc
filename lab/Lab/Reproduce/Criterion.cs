namespace ComodCluster.Lab.Reproduce;

/// <summary>A published claim and what came out.</summary>
internal sealed record Criterion(string Claim, bool Holds, string Found);
