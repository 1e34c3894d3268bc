namespace ComodCluster.Lab.Chaos;

/// <summary>A fault that was caused, with the second of the run.</summary>
internal sealed record Fault(double At, string What);
