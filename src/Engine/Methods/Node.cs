namespace ComodCluster.Engine.Methods;

/// <summary>One node of a rule for the standard normal: sum of weights 1.</summary>
public readonly record struct Node(double At, double Weight);
