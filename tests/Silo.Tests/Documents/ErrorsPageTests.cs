using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Silo.Problems;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Documents;

public partial class ErrorsPageTests
{
    private const string Introduction = """
        # Error codes

        Made from `src/Silo/Problems/ErrorCatalog.cs` and compared with it by a test.

        An error is a problem (RFC 9457) in `application/problem+json`; `code` is one of these and keeps its meaning,
        `detail` is one sentence with cause and fix, `traceId` finds the request in the silo's log. A job that failed has
        the same codes in `error.code`, and so has a task that a bulk request refuses. Those without a status never
        answer a request.

        """;

    private static readonly KnownError[] Catalog = [.. ErrorCatalog.Groups.SelectMany(group => group.Errors)];

    [Fact]
    public Task Page_IsWhatTheCatalogSays() => GeneratedPage.Check("errors.md", Page());

    [Fact]
    public void Catalog_HasEveryCodeOfTheSourcesAndNoOther()
    {
        var used = Sources()
            .SelectMany(source => Codes().Matches(source))
            .Select(match => match.Groups[1].Value)
            .Concat(Constants().Values)
            .Distinct();
        Assert.Equal(
            used.Order(StringComparer.Ordinal),
            Catalog.Select(error => error.Code).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Catalog_HasTheStatusWithWhichEachCodeIsThrown()
    {
        var constants = Constants();
        var thrown = Sources()
            .SelectMany(source => Given().Matches(source).Concat(Implied().Matches(source)))
            .Where(match => constants.ContainsKey(match.Groups["code"].Value))
            .Select(match =>
                (
                    Code: constants[match.Groups["code"].Value],
                    Status: match.Groups["how"].Value switch
                    {
                        "Conflict" => 409,
                        "Invalid" => 422,
                        var status => int.Parse(status, CultureInfo.InvariantCulture),
                    }
                )
            )
            .Distinct()
            .ToArray();
        Assert.True(thrown.Length > 20);
        Assert.All(
            thrown,
            pair => Assert.Contains(pair.Status, Catalog.Single(error => error.Code == pair.Code).Statuses)
        );
    }

    private static string Page()
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var (about, errors) in ErrorCatalog.Groups)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"\n## {about}\n\n| code | status | what it means | what to do |\n|---|---|---|---|\n"
            );
            foreach (var error in errors)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{error.Code}` | {string.Join(", ", error.Statuses)} | {error.Meaning} | {error.Fix} |\n"
                );
        }
        return page.ToString();
    }

    private static Dictionary<string, string> Constants() =>
        new[] { typeof(ErrorCodes), typeof(HttpCodes) }
            .SelectMany(codes => codes.GetFields(BindingFlags.Public | BindingFlags.Static))
            .ToDictionary(code => code.Name, code => (string)code.GetRawConstantValue()!, StringComparer.Ordinal);

    /// <summary>What runs in a silo.</summary>
    private static IEnumerable<string> Sources() =>
        new[] { "Api", "Contracts", "Engine", "Grains", "Silo" }
            .SelectMany(project =>
                Directory.EnumerateFiles(
                    Path.Combine(GeneratedPage.Root, "src", project),
                    "*.cs",
                    SearchOption.AllDirectories
                )
            )
            .Where(path =>
                !path.Contains(
                    $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                    StringComparison.Ordinal
                )
                && Path.GetFileName(path) != $"{nameof(ErrorCatalog)}.cs"
            )
            .Select(File.ReadAllText);

    // An exception or a job's error made with a code in quotes; where the type is left out, a code and a sentence.
    [GeneratedRegex(
        """(?:(?:InputException|ComodException|JobError)\(\s*"|new\(\s*"(?=[a-z]+-[a-z-]+",\s*(?:\$?"|sentence|[a-z]+\.Message)))([a-z]+(?:-[a-z]+)*)","""
    )]
    private static partial Regex Codes();

    [GeneratedRegex(@"\(\s*(?:ErrorCodes|HttpCodes)\.(?<code>\w+),\s+(?:StatusCodes\.Status)?(?<how>\d{3})")]
    private static partial Regex Given();

    [GeneratedRegex(@"\b(?<how>Conflict|Invalid)\(\s*(?:ErrorCodes|HttpCodes)\.(?<code>\w+)")]
    private static partial Regex Implied();
}
