using Microsoft.OpenApi;

namespace ComodCluster.Silo.Tests.Fuzzing;

/// <summary>Requests after the silo's own description of its API, from right to senseless.</summary>
internal sealed class RequestFuzzer(OpenApiDocument api, int seed)
{
    /// <summary>Name of a task, its data set, its backbone and its job. Never deleted: what it answers at the end tells
    /// whether anything was disturbed.</summary>
    public const string Kept = "kept";

    private static readonly string[] Names = [Kept, Kept, Kept, Kept, "spare-1", "spare-2", "spare-3", "none"];

    private static readonly string[] WrongSegments =
    [
        "%00",
        "%2F",
        "%2e%2e",
        "..",
        "%FF",
        "%C3%A4",
        "Upper",
        "-",
        "%20",
        "a%00b",
        "%F0%9F%90%9B",
        "kept%0d%0aX-Header:1",
        new string('n', 3_000),
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json; charset=utf-7",
        "application/json; charset=nonsense",
        "application/octet-stream",
        "application/zip",
        "image/png",
        "text/plain",
        "application/x-www-form-urlencoded",
        "nonsense",
        "/",
        "",
    ];

    private static readonly (string, string)[] OddHeaders =
    [
        ("Origin", "https://elsewhere.example"),
        ("Sec-Fetch-Site", "same-site"),
        ("Accept", "text/html"),
        ("Accept-Encoding", "br;q=2"),
        ("Content-Encoding", "gzip"),
        ("Content-Digest", "sha-256=:AAAA:"),
        ("Content-Digest", "md5=:nonsense"),
        ("Range", "bytes=5-1"),
        ("If-Match", "*"),
        ("Last-Event-ID", "-1"),
        ("traceparent", "00-nonsense"),
        ("Cookie", "a=b; c"),
        ("Authorization", "Bearer nonsense"),
        ("X-Forwarded-For", "10.0.0.1"),
    ];

    private static readonly HttpMethod[] OtherMethods =
    [
        HttpMethod.Head,
        HttpMethod.Options,
        HttpMethod.Patch,
        HttpMethod.Trace,
        new("COPY"),
    ];

    private readonly (
        string Path,
        IOpenApiPathItem Item,
        HttpMethod Method,
        OpenApiOperation Operation
    )[] _operations =
    [
        .. api
            .Paths.SelectMany(path =>
                path.Value.Operations!.Select(operation => (path.Key, path.Value, operation.Key, operation.Value))
            )
            .OrderBy(o => o.Item1, StringComparer.Ordinal)
            .ThenBy(o => o.Item3.Method, StringComparer.Ordinal),
    ];

    /// <summary>The same for the same seed and number.</summary>
    public FuzzRequest Request(int number)
    {
        var random = new Random(unchecked(seed * 486187739 + number * 92821));
        var (path, item, method, operation) = _operations[random.Next(_operations.Length)];
        var text = new FuzzText(
            random,
            Names,
            wrong: random.Next(4) switch
            {
                0 => 0.3,
                1 => 0.05,
                _ => 0,
            }
        );
        var parameters = (item.Parameters ?? []).Concat(operation.Parameters ?? []).ToArray();
        var spares = method == HttpMethod.Delete || path.EndsWith("/drain", StringComparison.Ordinal);
        foreach (var parameter in parameters.Where(p => p.In == ParameterLocation.Path))
            path = path.Replace(
                $"{{{parameter.Name}}}",
                Segment(parameter, text, random, spares),
                StringComparison.Ordinal
            );
        var query = string.Join('&', Query(parameters, text, random));
        var headers = new List<(string, string)>();
        if (random.Next(6) == 0)
            headers.Add(text.Any(OddHeaders));
        var body = Body(operation, text, random, headers);
        if (random.Next(25) == 0)
            method = text.Any(OtherMethods);
        return new(
            number,
            method,
            query.Length > 0 ? $"{path}?{query}" : path,
            headers,
            method == HttpMethod.Trace ? null : body
        );
    }

    private static string Segment(IOpenApiParameter parameter, FuzzText text, Random random, bool spares)
    {
        if (random.Next(10) == 0)
            return text.Any(WrongSegments);
        var value = text.Plain(parameter.Schema, parameter.Name ?? "");
        return Uri.EscapeDataString(
            spares && value == Kept ? "spare-1"
            : value is "" or "." or ".." ? "none"
            : value
        );
    }

    private static IEnumerable<string> Query(IReadOnlyList<IOpenApiParameter> parameters, FuzzText text, Random random)
    {
        foreach (var parameter in parameters.Where(p => p.In == ParameterLocation.Query && random.Next(3) == 0))
        {
            var value = text.Plain(parameter.Schema, parameter.Name ?? "");
            yield return $"{parameter.Name}={Uri.EscapeDataString(value.Length > 2_000 ? value[..2_000] : value)}";
        }
        if (random.Next(20) == 0)
            yield return text.Any([
                "unknown=1",
                "limit=",
                "=",
                "&&",
                "after=%00",
                "after=%FF%FE",
                "limit=1&limit=2",
                "%",
            ]);
    }

    private static byte[]? Body(
        OpenApiOperation operation,
        FuzzText text,
        Random random,
        List<(string, string)> headers
    )
    {
        if (operation.RequestBody?.Content is not { Count: > 0 } content)
            return random.Next(20) == 0 ? FuzzBodies.File(random) : null;
        var (type, media) = text.Any([.. content]);
        byte[]? body;
        if (type.Contains("json", StringComparison.Ordinal))
            body = FuzzBodies.Json(text.Of(media.Schema), random);
        else if (type.StartsWith("multipart/", StringComparison.Ordinal))
            (type, body) = FuzzBodies.Form(random);
        else
            body = FuzzBodies.File(random);
        type = random.Next(12) == 0 ? text.Any(ContentTypes) : type.Replace('*', 'p');
        if (type.Length > 0)
            headers.Add(("Content-Type", type));
        return random.Next(30) == 0 ? null : body;
    }
}
