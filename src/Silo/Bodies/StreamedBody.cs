namespace ComodCluster.Silo.Bodies;

/// <summary>Marks a route that writes its body to the disk as it comes and holds none of it in memory.</summary>
public sealed record StreamedBody;
