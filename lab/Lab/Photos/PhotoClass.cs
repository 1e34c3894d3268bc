namespace ComodCluster.Lab.Photos;

/// <summary>A class of a domain.</summary>
/// <param name="Prefixes">Beginnings of its photos' paths in the repository; what follows is a file's name.</param>
internal sealed record PhotoClass(string Name, params IReadOnlyList<string> Prefixes);
