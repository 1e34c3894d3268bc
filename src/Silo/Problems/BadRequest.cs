using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using ComodCluster.Api;

namespace ComodCluster.Silo.Problems;

/// <summary>Turns what the framework says about an unreadable request into a sentence that names the member.</summary>
public static partial class BadRequest
{
    public static Refusal Of(BadHttpRequestException exception) =>
        exception.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => new(
                ErrorCodes.UploadTooLarge,
                413,
                "The body is larger than this route takes; send less."
            ),
            StatusCodes.Status415UnsupportedMediaType => new(
                HttpCodes.MediaTypeUnsupported,
                415,
                "The route takes another content type; see /openapi/v1.json for the content types that it takes."
            ),
            var status => new(
                ErrorCodes.RequestInvalid,
                status,
                exception.InnerException is JsonException json ? Json(json) : Sentence(exception.Message)
            ),
        };

    private static string Json(JsonException exception)
    {
        var message = exception.Message;
        if (UnmappedMember().Match(message) is { Success: true } unmapped)
            return $"The body has a member '{unmapped.Groups[1].Value}' that this request does not know; remove it "
                + $"or correct its name.";
        if (MissingMembers().Match(message) is { Success: true } missing)
            return $"The body lacks {missing.Groups[1].Value.TrimEnd('.')}; add what is missing.";
        if (WrongType().Match(message) is { Success: true } wrong)
            return $"The value at {exception.Path ?? "$"} is not {Expected(wrong.Groups[1].Value)}; correct it.";
        return $"The body is no valid JSON for this request{At(exception)}: "
            + $"{Sentence(PositionSuffix().Replace(message, ""))}";
    }

    private static string At(JsonException exception) =>
        exception.Path is { Length: > 0 } path && path != "$" ? $" at {path}" : "";

    private static string Expected(string typeName)
    {
        var type = typeof(ErrorCodes).Assembly.GetType(
            Generic().Match(typeName) is { Success: true } inner ? inner.Groups[1].Value : typeName
        );
        return type is { IsEnum: true }
            ? $"one of {string.Join(", ", EnumNames(type))}"
            : $"a value of the type that /openapi/v1.json names";
    }

    private static IEnumerable<string> EnumNames(Type type) =>
        type.GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(field =>
                field.GetCustomAttributes(typeof(JsonStringEnumMemberNameAttribute), false)
                    is [JsonStringEnumMemberNameAttribute named]
                    ? named.Name
                    : field.Name
            );

    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";

    [GeneratedRegex("The JSON property '([^']+)' could not be mapped")]
    private static partial Regex UnmappedMember();

    [GeneratedRegex("missing required properties including: (.+?)\\.?$")]
    private static partial Regex MissingMembers();

    [GeneratedRegex("The JSON value could not be converted to (.+?)\\. Path")]
    private static partial Regex WrongType();

    [GeneratedRegex("^System\\.Nullable`1\\[(?:\\[)?([^\\],]+)")]
    private static partial Regex Generic();

    [GeneratedRegex(" ?(Path: [^|]*\\| )?LineNumber: \\d+ \\| BytePositionInLine: \\d+\\.?$")]
    private static partial Regex PositionSuffix();
}
