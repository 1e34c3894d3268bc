using System.Text.RegularExpressions;

namespace ComodCluster.Contracts;

/// <summary>Names of tasks, data sets, backbones and jobs: <c>[a-z][a-z0-9-]{0,62}</c>, unique in their tenant and kind.</summary>
public static partial class Names
{
    /// <summary>The only tenant until keys exist.</summary>
    public const string DefaultTenant = "default";

    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    /// <exception cref="ComodException">The name is not valid (400).</exception>
    public static string Check(string? name, string kind) => IsValid(name)
        ? name!
        : throw new ComodException(ErrorCodes.NameInvalid, 400, Rule(name, kind));

    /// <summary>Why a name is not valid.</summary>
    public static string Rule(string? name, string kind) =>
        $"'{name}' is no name for a {kind}: start with a lower-case letter, then at most 62 lower-case letters, digits or hyphens.";

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
