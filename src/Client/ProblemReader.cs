using System.Net;
using System.Text.Json;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Client;

/// <summary>Reads problem details (RFC 9457) with this API's extension <c>code</c>.</summary>
internal static class ProblemReader
{
    public static async Task<ComodApiException> Read(HttpResponseMessage response, CancellationToken cancellation)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type is not ("application/problem+json" or "application/json"))
            return Plain(response.StatusCode, type ?? "without content");
        try
        {
            var problem = await response.Content.ReadAsStreamAsync(cancellation);
            using var document = await JsonDocument.ParseAsync(problem, cancellationToken: cancellation);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return Plain(response.StatusCode, type);
            var text =
                Text(root, "detail") ?? Text(root, "title") ?? $"The server answered {(int)response.StatusCode}.";
            return new ComodApiException(
                Text(root, "code") ?? ComodApiException.Unexpected,
                (int)response.StatusCode,
                text + FieldErrors(root)
            )
            {
                Images = root.TryGetProperty("images", out var images)
                    ? images.Deserialize<ImageRefusal[]>(JsonSerializerOptions.Web) ?? []
                    : [],
            };
        }
        catch (JsonException)
        {
            return Plain(response.StatusCode, type);
        }
    }

    private static ComodApiException Plain(HttpStatusCode status, string type) =>
        ComodApiException.NotUnderstood(status, $"({type})");

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>ASP.NET's member <c>errors</c>: fields with their messages.</summary>
    private static string FieldErrors(JsonElement root)
    {
        if (!root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object)
            return "";
        var fields = errors.EnumerateObject().Select(field => $"{field.Name}: {field.Value}").ToArray();
        return fields.Length == 0 ? "" : $" ({string.Join("; ", fields)})";
    }
}
