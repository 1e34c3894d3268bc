using ComodCluster.Api;

namespace ComodCluster.Contracts;

/// <summary>Names as silos take them.</summary>
public static class Names
{
    /// <exception cref="ComodException">The name is not valid (400).</exception>
    public static string Check(string? name, string kind) =>
        ObjectNames.IsValid(name)
            ? name!
            : throw new ComodException(ErrorCodes.NameInvalid, 400, ObjectNames.Rule(name, kind));
}
