using System.Text.Json;
using System.Text.Json.Serialization;

namespace ComodCluster.Grains.Catalog;

/// <summary>How the catalog writes records as JSON.</summary>
internal static class CatalogJson
{
    /// <summary>Written to every row; a row of a later format is refused.</summary>
    public const int Schema = 1;

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json, int schema) => schema <= Schema
        ? JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("A row of the catalog holds null.")
        : throw new JsonException($"A row of the catalog has format {schema}; this program knows formats up to {Schema}.");

    /// <summary>The name of an enumeration's value as the HTTP API spells it.</summary>
    public static string Name<TEnum>(TEnum value) where TEnum : struct, Enum => JsonSerializer.Serialize(value, Options).Trim('"');
}
