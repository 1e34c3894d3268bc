using System.Collections;
using System.Text.Json.Serialization.Metadata;
using ComodCluster.Silo.Problems;

namespace ComodCluster.Silo.Api.Conventions;

/// <summary>
/// Refuses in bodies what annotations cannot say: null among the values of a list, and the character NUL, which no
/// database keeps and no name has.
/// </summary>
public static class RequestText
{
    /// <summary>A modifier of types' JSON.</summary>
    public static void Check(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.OnDeserialized is not null)
            return;
        type.OnDeserialized = value =>
        {
            foreach (var property in type.Properties)
                if (property.Get is { } get)
                    Check(property.Name, get(value));
        };
    }

    private static void Check(string name, object? value)
    {
        if (value is string text && text.Contains('\0'))
            throw new UnusableJsonException($"'{name}' has the character NUL; leave it out.");
        if (value is string || value is not IEnumerable list)
            return;
        foreach (var element in list)
            if (element is null)
                throw new UnusableJsonException($"'{name}' has null among its values; leave it out.");
            else if (element is string)
                Check(name, element);
    }
}
