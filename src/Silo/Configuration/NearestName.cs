namespace ComodCluster.Silo.Configuration;

/// <summary>What somebody who mistyped a key may have meant.</summary>
public static class NearestName
{
    /// <summary>
    /// The known key with the fewest typing errors, or with the same last name in another section; null where none is
    /// near.
    /// </summary>
    public static string? Of(string key, IEnumerable<string> known) =>
        known
            .Select(candidate =>
                (Key: candidate, Errors: Math.Min(Errors(key, candidate), 1 + Errors(Last(key), Last(candidate))))
            )
            .Where(candidate => candidate.Errors <= Math.Max(2, Last(key).Length / 3))
            .OrderBy(candidate => candidate.Errors)
            .ThenBy(candidate => candidate.Key, StringComparer.Ordinal)
            .FirstOrDefault()
            .Key;

    private static string Last(string key) => key[(key.LastIndexOf(':') + 1)..];

    /// <summary>
    /// Letters to insert, to delete, to replace or to swap with their neighbours, whatever their case.
    /// </summary>
    private static int Errors(string typed, string meant)
    {
        var (a, b) = (typed.ToUpperInvariant(), meant.ToUpperInvariant());
        var errors = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            errors[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            errors[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        for (var j = 1; j <= b.Length; j++)
        {
            var replaced = errors[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            errors[i, j] = Math.Min(replaced, 1 + Math.Min(errors[i - 1, j], errors[i, j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                errors[i, j] = Math.Min(errors[i, j], 1 + errors[i - 2, j - 2]);
        }
        return errors[a.Length, b.Length];
    }
}
