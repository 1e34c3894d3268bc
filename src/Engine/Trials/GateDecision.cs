namespace ComodCluster.Engine.Trials;

/// <summary>What the gate decided and why.</summary>
public sealed record GateDecision(bool Rejected, string Reason);
