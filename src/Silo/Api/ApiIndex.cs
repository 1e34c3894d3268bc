namespace ComodCluster.Silo.Api;

/// <summary>Where to go from the root.</summary>
/// <param name="Name">Always <c>comodcluster</c>.</param>
/// <param name="Version">Version of the silo.</param>
/// <param name="Links">Paths by what they lead to.</param>
public sealed record ApiIndex(string Name, string Version, IReadOnlyDictionary<string, string> Links);
