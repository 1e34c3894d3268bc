namespace ComodCluster.Silo.Configuration;

/// <summary>Section <c>Comod:Cluster</c>: for silos that share a database.</summary>
public sealed record ClusterSettings
{
    public const string Section = $"{SiloOptions.Section}:{nameof(SiloOptions.Cluster)}";

    /// <summary>Name of the cluster; a database belongs to one.</summary>
    [Takes("lower-case letters, digits and hyphens")]
    public string Id { get; init; } = "comod";

    /// <summary>Name of this silo, unique in the cluster; none: host name and silo port.</summary>
    [Takes("lower-case letters, digits and hyphens")]
    public string? Name { get; init; }

    /// <summary>Address under which the other silos reach this one.</summary>
    [Takes("an IP address")]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>
    /// Says that silos may talk to each other from machine to machine although nothing between them is encrypted and
    /// nobody has to show who he is: whoever reaches their ports can read and change everything. For a private network
    /// of theirs only.
    /// </summary>
    public bool Unencrypted { get; init; }
}
