namespace ComodCluster.Engine.Trials;

/// <summary>A job cannot go on: its numbers left the finite range three times.</summary>
public sealed class AdaptationDivergedException(string message) : Exception(message);
