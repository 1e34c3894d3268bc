using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ComodCluster.Api;
using ComodCluster.Contracts;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>How the catalog writes records as JSON.</summary>
internal static class CatalogJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectRequiredConstructorParameters = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>
    /// For a record that replaces a stored one: members of the stored JSON that this build does not know stay. Elements
    /// of lists are matched by their places.
    /// </summary>
    public static string Write<T>(T value, string stored)
    {
        var next = JsonSerializer.SerializeToNode(value, Options);
        KeepUnknown(JsonNode.Parse(stored), next, Options.GetTypeInfo(typeof(T)));
        return next?.ToJsonString(Options) ?? "null";
    }

    /// <param name="format">Format of the row.</param>
    /// <exception cref="ComodException">record-unreadable: a value is none that this build knows, or the text is
    /// damaged.</exception>
    public static T Read<T>(string json, int format)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException failure)
        {
            throw new ComodException(
                ErrorCodes.RecordUnreadable,
                503,
                $"A record of the catalog ({typeof(T).Name}, format {format}) cannot be read at {failure.Path ?? "$"}: "
                    + "a later build wrote it, or it is damaged; upgrade this silo, or restore a backup with 'comod "
                    + "restore'.",
                failure
            );
        }
    }

    /// <summary>A time as records have it, in UTC: such texts sort by their bytes as the times do.</summary>
    public static string Text(DateTimeOffset time) =>
        JsonSerializer.Serialize(time.ToUniversalTime(), Options).Trim('"');

    /// <summary>The name of an enumeration's value as the HTTP API spells it.</summary>
    public static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonSerializer.Serialize(value, Options).Trim('"');

    private static void KeepUnknown(JsonNode? stored, JsonNode? next, JsonTypeInfo type)
    {
        if (stored is JsonObject was && next is JsonObject now && type.Kind == JsonTypeInfoKind.Object)
        {
            foreach (var (name, value) in was)
            {
                // A known member that is gone was taken away on purpose.
                if (
                    type.Properties.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    is not { } known
                )
                    now[name] = value?.DeepClone();
                else
                    KeepUnknown(value, now[known.Name], Options.GetTypeInfo(known.PropertyType));
            }
        }
        else if (
            stored is JsonArray before
            && next is JsonArray after
            && type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element }
        )
        {
            foreach (var (one, other) in before.Zip(after))
                KeepUnknown(one, other, Options.GetTypeInfo(element));
        }
    }
}
