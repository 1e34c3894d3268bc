namespace ComodCluster.Contracts;

/// <summary>Name of a tenant; its text stands in messages, rows, keys and the places of blobs.</summary>
public readonly record struct TenantName
{
    private readonly string? _value;

    public TenantName(string value) => _value = value.Length == 0 ? null : value;

    /// <summary>The only tenant until requests carry keys.</summary>
    public static TenantName Default { get; } = new("default");

    /// <summary>What belongs to the cluster as a whole.</summary>
    public static TenantName None => default;

    /// <summary>Empty for <see cref="None"/>.</summary>
    public string Value => _value ?? "";

    public override string ToString() => Value;
}
