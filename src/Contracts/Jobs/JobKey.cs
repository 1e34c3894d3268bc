namespace ComodCluster.Contracts.Jobs;

/// <summary>Key of a job's row; as text, of its grain: <c>job:{tenant}/{id}</c>.</summary>
public readonly record struct JobKey(TenantName Tenant, string Id)
{
    private const string Prefix = "job:";

    /// <exception cref="FormatException">It is no such key.</exception>
    public static JobKey Parse(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal)
        && key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
            ? new(new(key[Prefix.Length..slash]), key[(slash + 1)..])
            : throw new FormatException($"'{key}' is no key of a job: it reads {Prefix}{{tenant}}/{{id}}.");

    public override string ToString() => $"{Prefix}{Tenant}/{Id}";
}
