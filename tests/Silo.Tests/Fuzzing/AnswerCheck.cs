using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ComodCluster.Api;
using ComodCluster.Silo.Problems;

namespace ComodCluster.Silo.Tests.Fuzzing;

/// <summary>What may be said of any answer, whatever was asked.</summary>
/// <param name="data">Data directory of the silo, which no answer names.</param>
internal sealed partial class AnswerCheck(string data)
{
    private const int MaxDetail = 2_000;

    private static readonly Dictionary<string, IReadOnlyList<int>> Known = ErrorCatalog
        .Groups.SelectMany(group => group.Errors)
        .ToDictionary(error => error.Code, error => error.Statuses);

    /// <returns>What is wrong with the answer; null: nothing.</returns>
    public string? Fault(HttpStatusCode status, string? type, byte[] body)
    {
        var (code, text) = ((int)status, Encoding.UTF8.GetString(body));
        if (code < 400)
            return null;
        if (text.Length == 0)
            return null;
        if (type != "application/problem+json")
            return $"an answer {code} of type '{type}'";
        using var problem = JsonDocument.Parse(body);
        var (name, detail) = (
            problem.RootElement.GetProperty("code").GetString()!,
            problem.RootElement.GetProperty("detail").GetString()!
        );
        if (code == 500 || name == ErrorCodes.Internal)
            return "an error that nobody foresaw";
        if (!Known.TryGetValue(name, out var statuses))
            return $"the code '{name}', which is not in the catalog of errors";
        if (!statuses.Contains(code))
            return $"the code '{name}' with status {code}";
        if (detail.Contains(data, StringComparison.Ordinal) || Foreign().Match(detail) is { Success: true })
            return $"words of the framework or of the machine: {detail}";
        if (detail.Length > MaxDetail)
            return $"a sentence of {detail.Length} characters";
        return detail.EndsWith('.') ? null : $"no sentence: {detail}";
    }

    [GeneratedRegex(
        @"\b(System|Microsoft|Orleans|Npgsql|ComodCluster|TorchSharp|SkiaSharp)\.[A-Z]|Exception\b|\.cs\b|   at |/tmp/"
            + @"|LineNumber|BytePositionInLine|JsonSerializer|could not be converted|Nullable|\bInt(16|32|64)\b|SQLite Error"
            + @"|Parameter '|Kestrel|\bPath: \$"
    )]
    private static partial Regex Foreign();
}
