namespace ComodCluster.Lab.Chaos;

/// <summary>Of a cluster and its load.</summary>
internal sealed record ChaosSize(int Workers, int Gateways, int Users);
