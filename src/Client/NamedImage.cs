namespace ComodCluster.Client;

/// <summary>An encoded image with the name that refusals call it by.</summary>
public sealed record NamedImage(string Name, byte[] Bytes);
