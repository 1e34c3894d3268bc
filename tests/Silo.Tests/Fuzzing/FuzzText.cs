using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;

namespace ComodCluster.Silo.Tests.Fuzzing;

/// <summary>JSON after a schema, in which any value may be another one than the schema wants.</summary>
/// <param name="names">Of objects that are there, or may be made.</param>
/// <param name="wrong">How likely each value is a wrong one, 0 to 1.</param>
internal sealed class FuzzText(Random random, IReadOnlyList<string> names, double wrong)
{
    private const int MaxDepth = 6;

    private static readonly string[] WrongJson =
    [
        "null",
        "true",
        "0",
        "-1",
        "1e999",
        "-0.0",
        "0.5",
        "2147483648",
        "123456789012345678901234567890",
        "\"\"",
        "\" \"",
        "\"NaN\"",
        "\"12\"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\ufeffname\"",
        "\"k\\u00e4fer\"",
        "\"../../etc/passwd\"",
        "\"'; DROP TABLE jobs; --\"",
        "\"{0} %s ${HOME}\"",
        "[]",
        "[null]",
        "[[[[]]]]",
        "{}",
        "{\"\":null}",
        "{\"$type\":\"Object, mscorlib\"}",
        "NaN",
        "0x10",
        "01",
        "'a'",
        "[1,]",
        "// nothing\n1",
    ];

    public string Of(IOpenApiSchema? schema) => Of(schema, "", 0);

    /// <summary>For a path or a query, not encoded.</summary>
    public string Plain(IOpenApiSchema? schema, string name)
    {
        var json = Of(schema, name, 0);
        return json.StartsWith('"') ? JsonSerializer.Deserialize<string>(Replaced(json)) ?? "" : json;

        // A lone surrogate is no string.
        static string Replaced(string json) => json.Replace("\\ud800", "\\ufffd", StringComparison.Ordinal);
    }

    public T Any<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];

    private string Of(IOpenApiSchema? schema, string name, int depth)
    {
        if (random.NextDouble() < wrong)
            return random.Next(12) == 0 ? $"\"{new string('x', random.Next(1, 20_000))}\"" : Any(WrongJson);
        if (schema is null || depth > MaxDepth)
            return "null";
        if (schema.Enum is { Count: > 0 } values)
            return Any([.. values]).ToJsonString();
        if ((schema.OneOf ?? schema.AnyOf) is { Count: > 0 } either)
            return Of(Any([.. either]), name, depth);
        return schema.Type?.HasFlag(JsonSchemaType.Null) == true && random.Next(4) == 0
            ? "null"
            : (schema.Type & ~JsonSchemaType.Null) switch
            {
                JsonSchemaType.Object => Object(schema, depth),
                JsonSchemaType.Array =>
                    $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Of(schema.Items, name, depth + 1)))}]",
                JsonSchemaType.Boolean => Any(["true", "false"]),
                JsonSchemaType.Integer => Number(schema, whole: true),
                JsonSchemaType.Number => Number(schema, whole: false),
                // Integers that may be strings, and the like.
                { } type when type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number) => Number(
                    schema,
                    whole: type.HasFlag(JsonSchemaType.Integer)
                ),
                _ => JsonSerializer.Serialize(Any(names)),
            };
    }

    private string Object(IOpenApiSchema schema, int depth)
    {
        var members = new List<string>();
        foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            var required = schema.Required?.Contains(name) == true;
            if (random.NextDouble() < (required ? wrong / 4 : 0.7))
                continue;
            var text = $"{JsonSerializer.Serialize(name)}:{Of(member, name, depth + 1)}";
            members.Add(text);
            if (random.NextDouble() < wrong / 8)
                members.Add(text);
        }
        if (schema.AdditionalProperties is { } values)
            members.Add($"{JsonSerializer.Serialize(Any(names))}:{Of(values, "", depth + 1)}");
        if (random.NextDouble() < wrong / 4)
            members.Add($"\"unknown\":{Any(WrongJson)}");
        return $"{{{string.Join(',', members)}}}";
    }

    private string Number(IOpenApiSchema schema, bool whole)
    {
        var (low, high) = (
            Limit(schema.Minimum ?? schema.ExclusiveMinimum, 0),
            Limit(schema.Maximum ?? schema.ExclusiveMaximum, 100)
        );
        var value = random.Next(6) switch
        {
            0 => low,
            1 => high,
            2 when wrong > 0 => low - 1,
            3 when wrong > 0 => high + 1,
            // Mostly small, so that what is accepted is soon done.
            _ => low + (Math.Min(high, low + 100) - low) * random.NextDouble(),
        };
        return (whole ? Math.Round(value) : value).ToString("R", CultureInfo.InvariantCulture);
    }

    private static double Limit(string? text, double otherwise) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
