using System.Text.Json;
using ComodCluster.Api;
using ComodCluster.Contracts;

namespace ComodCluster.Silo.Api.Conventions;

/// <summary>Values of enumerations in addresses, spelled as in JSON, in lower case.</summary>
public static class Spelling
{
    private static readonly JsonSerializerOptions Json = Options();

    /// <exception cref="ComodException">request-invalid (400): not one of the values.</exception>
    public static T Parse<T>(string text, string parameter)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Of(value).Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        throw new ComodException(
            ErrorCodes.RequestInvalid,
            400,
            $"{parameter}={text} cannot be used; take one of {string.Join(", ", Enum.GetValues<T>().Select(Of))}."
        );
    }

    public static T? ParseOptional<T>(string? text, string parameter)
        where T : struct, Enum => string.IsNullOrEmpty(text) ? null : Parse<T>(text, parameter);

    /// <summary>As in JSON, in lower case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonSerializer.SerializeToElement(value, Json).GetString()!.ToLowerInvariant();

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        SiloJson.Configure(options);
        return options;
    }
}
