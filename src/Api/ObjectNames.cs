using System.Text.RegularExpressions;

namespace ComodCluster.Api;

/// <summary>
/// Names of tasks, data sets, backbones and jobs: <c>[a-z][a-z0-9-]{0,62}</c>, unique in their tenant and kind.
/// </summary>
public static partial class ObjectNames
{
    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    /// <summary>Why a name is not valid.</summary>
    public static string Rule(string? name, string kind) =>
        $"'{name}' is no name for a {kind}: start with a lower-case letter, then at most 62 lower-case letters, "
        + $"digits or hyphens.";

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
