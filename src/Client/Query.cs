namespace ComodCluster.Client;

internal static class Query
{
    /// <summary><c>?a=1&amp;b=2</c> of the parts that are there; empty without any.</summary>
    public static string Of(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var query = "";
        foreach (var (name, value) in parts)
            if (value is not null)
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        return query;
    }
}
