using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using ComodCluster.Api;

namespace ComodCluster.Silo.Problems;

/// <summary>Turns what the framework says about an unreadable request into a sentence that names the member.</summary>
public static partial class BadRequest
{
    private const StringComparison NoCase = StringComparison.OrdinalIgnoreCase;

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
            StatusCodes.Status408RequestTimeout => new(
                HttpCodes.BodyTooSlow,
                408,
                "The body came too slowly; send it faster, or less of it."
            ),
            var status => new(
                ErrorCodes.RequestInvalid,
                status,
                exception.InnerException is JsonException json ? Json(json) : Request(exception.Message)
            ),
        };

    private static string Request(string message)
    {
        if (Unreadable().Match(message) is { Success: true } unreadable)
            return $"{unreadable.Groups[2].Value}={unreadable.Groups[3].Value} cannot be used; take "
                + $"{Words(unreadable.Groups[1].Value)}.";
        if (message.EndsWith("was not provided from query string.", StringComparison.Ordinal))
            return $"The address lacks the parameter '{Named().Match(message).Groups[1].Value}'; add it.";
        if (
            message.Contains("body", StringComparison.Ordinal) && message.Contains("not provided", NoCase)
            || message.StartsWith("Implicit body inferred", StringComparison.Ordinal)
        )
            return "The request has no body; send the one that /openapi/v1.json describes.";
        if (message.StartsWith("Unexpected end of request", StringComparison.Ordinal))
            return "The body ended before all of it was there; send it again.";
        if (message.Contains("chunk", NoCase))
            return "The chunks of the body cannot be read; send it with Content-Length, or in valid chunks.";
        return "The request cannot be read; see /openapi/v1.json for what this route takes.";
    }

    private static string Json(JsonException exception)
    {
        var message = exception.Message;
        if (exception is UnusableJsonException)
            return $"The body cannot be used{At(exception)}: {message}";
        if (UnmappedMember().Match(message) is { Success: true } unmapped)
            return $"The body has a member '{unmapped.Groups[1].Value}' that this request does not know{At(exception)}; "
                + $"remove it or correct its name.";
        if (MissingMembers().Match(message) is { Success: true } missing)
            return $"The body lacks {missing.Groups[1].Value.TrimEnd('.')}{At(exception)}; add what is missing.";
        if (NullMember().Match(message) is { Success: true } empty)
            return $"The member '{empty.Groups[1].Value}' of the body is null{At(exception)}; give it a value.";
        if (TwiceMember().Match(message) is { Success: true } twice)
            return $"The body has the member '{twice.Groups[1].Value}' twice{At(exception)}; keep one.";
        if (WrongType().Match(message) is { Success: true } wrong)
            return $"The value at {exception.Path ?? "$"} is not {Expected(wrong.Groups[1].Value)}; correct it.";
        return exception is { LineNumber: { } line, BytePositionInLine: { } position }
            ? $"The body is no valid JSON at line {line + 1}, byte {position + 1}{At(exception)}; correct it."
            : $"The body is no valid JSON for this request{At(exception)}; correct it.";
    }

    private static string At(JsonException exception) =>
        exception.Path is { Length: > 0 } path && path != "$" ? $" at {path}" : "";

    private static string Expected(string typeName)
    {
        var name = Generic().Match(typeName) is { Success: true } inner ? inner.Groups[1].Value : typeName;
        return typeof(ErrorCodes).Assembly.GetType(name) is { IsEnum: true } type
            ? $"one of {string.Join(", ", EnumNames(type))}"
            : Words(name);
    }

    /// <param name="typeName">As .NET or C# has it.</param>
    private static string Words(string typeName) =>
        typeName.Replace("Nullable<", "", StringComparison.Ordinal).TrimEnd('>', '?') switch
        {
            "System.Int32" or "System.Int64" or "int" or "long" => "a whole number",
            "System.Double" or "System.Single" or "double" or "float" => "a number",
            "System.Boolean" or "bool" => "true or false",
            "System.String" or "string" => "a text",
            var other
                when other.EndsWith("[]", StringComparison.Ordinal)
                    || other.Contains("List", StringComparison.Ordinal) => "a list",
            var other when other.StartsWith("ComodCluster.", StringComparison.Ordinal) => "an object",
            _ => "a value of the type that /openapi/v1.json names",
        };

    private static IEnumerable<string> EnumNames(Type type) =>
        type.GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(field =>
                field.GetCustomAttributes(typeof(JsonStringEnumMemberNameAttribute), false)
                    is [JsonStringEnumMemberNameAttribute named]
                    ? named.Name
                    : field.Name
            );

    [GeneratedRegex("The JSON property '([^']+)' could not be mapped")]
    private static partial Regex UnmappedMember();

    [GeneratedRegex("missing required properties including: (.+?)\\.?$")]
    private static partial Regex MissingMembers();

    [GeneratedRegex("The JSON value could not be converted to (.+?)\\. Path")]
    private static partial Regex WrongType();

    [GeneratedRegex("^System\\.Nullable`1\\[(?:\\[)?([^\\],]+)")]
    private static partial Regex Generic();

    [GeneratedRegex("(?:constructor parameter|property or field) '([^']+)' on type .* doesn't allow")]
    private static partial Regex NullMember();

    [GeneratedRegex("Duplicate property '([^']+)'")]
    private static partial Regex TwiceMember();

    [GeneratedRegex("^Failed to bind parameter \"(\\S+) (\\S+)\" from \"(.*)\"\\.$", RegexOptions.Singleline)]
    private static partial Regex Unreadable();

    [GeneratedRegex("parameter \"\\S+ ([^\"]+)\"")]
    private static partial Regex Named();
}
