using System.Text.RegularExpressions;
using ComodCluster.Infrastructure;

namespace ComodCluster.Architecture.Tests;

/// <summary>What documents and sources point to exists: files, folders and headings of this repository.</summary>
public partial class DocumentTests
{
    private static readonly string[] SourceKinds = [".cs", ".csproj", ".props", ".sh"];

    private static readonly string[] SourceFolders = ["src", "tests", "lab", "benchmarks", "samples", "build"];

    private static string[] Documents =>
        [
            .. Files("docs", ".md"),
            .. Directory.EnumerateFiles(Repository.Root, "*.md"),
            Repository.At("benchmarks/README.md"),
        ];

    [Fact]
    public void Documents_EveryRelativeLink_Resolves() =>
        AssertNone(
            Documents.SelectMany(document =>
                Links()
                    .Matches(Prose(document))
                    .Select(link => link.Groups[1].Value)
                    .Where(target => !Absolute().IsMatch(target) && !Resolves(document, target))
                    .Select(target => $"{Short(document)}: {target}")
            )
        );

    /// <summary>Records say what was there when they were written.</summary>
    [Fact]
    public void Documents_EveryPathInCode_ExistsExceptInRecords() =>
        AssertNone(
            Documents
                .Except(Files("docs/decisions", ".md"))
                .SelectMany(document =>
                    Paths()
                        .Matches(Prose(document))
                        .Select(path => path.Groups[1].Value)
                        .Where(path => !Exists(Repository.At(path)))
                        .Select(path => $"{Short(document)}: {path}")
                )
        );

    [Fact]
    public void Sources_EveryCitationOfADocument_Resolves() =>
        AssertNone(
            Sources.SelectMany(source =>
                Citations()
                    .Matches(File.ReadAllText(source))
                    .Select(citation => citation.Value.TrimEnd('.'))
                    .Where(target => !Resolves(Repository.At("README.md"), target))
                    .Select(target => $"{Short(source)}: {target}")
            )
        );

    /// <summary>Documents that are not in this repository cannot be looked up by its readers.</summary>
    [Fact]
    public void Sources_CiteNoSectionByNumber() =>
        AssertNone(
            Sources.Concat(Documents).Where(file => NumberedSections().IsMatch(File.ReadAllText(file))).Select(Short)
        );

    [Theory]
    [InlineData("### Job", "job")]
    [InlineData("## `nature-fig5`: a local task", "nature-fig5-a-local-task")]
    [InlineData("# 3. One, or [two](other.md) words", "3-one-or-two-words")]
    public void Anchor_OfAHeading_IsGitHubs(string heading, string anchor) =>
        Assert.Equal([anchor], Anchors([heading]));

    [Fact]
    public void Anchor_OfAHeadingThatIsThereTwice_IsNumbered() =>
        Assert.Equal(["more", "more-1"], Anchors(["# More", "text", "# More"]));

    private static void AssertNone(IEnumerable<string> broken)
    {
        string[] all = [.. broken];
        Assert.True(
            all.Length == 0,
            $"These point to nothing in the repository; correct them:\n{string.Join('\n', all)}"
        );
    }

    private static IEnumerable<string> Sources =>
        SourceFolders.SelectMany(folder => SourceKinds.SelectMany(kind => Files(folder, kind)));

    private static IEnumerable<string> Files(string folder, string kind) =>
        !Directory.Exists(Repository.At(folder))
            ? []
            : Directory
                .EnumerateFiles(Repository.At(folder), $"*{kind}", SearchOption.AllDirectories)
                .Where(file => !Built().IsMatch(Short(file)));

    private static string Short(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    /// <param name="document">That the target is relative to.</param>
    /// <param name="target">A path with or without a heading's anchor, or the anchor alone.</param>
    private static bool Resolves(string document, string target)
    {
        var (path, anchor) = target.Split('#', 2) is [var p, var a] ? (p, a) : (target, null);
        var file = path.Length == 0 ? document : Path.GetFullPath(path, Path.GetDirectoryName(document)!);
        if (anchor is null || !file.EndsWith(".md", StringComparison.Ordinal))
            return Exists(file);
        return File.Exists(file) && Anchors(Prose(file).Split('\n')).Contains(anchor);
    }

    /// <summary>
    /// As GitHub makes them: lower case, blanks to hyphens, without other marks, the second of a kind numbered.
    /// </summary>
    private static IEnumerable<string> Anchors(IEnumerable<string> lines) =>
        lines
            .Select(line => Headings().Match(line))
            .Where(heading => heading.Success)
            .Select(heading =>
                Marks()
                    .Replace(LinkText().Replace(heading.Groups[1].Value, "$1").ToLowerInvariant(), "")
                    .Replace(' ', '-')
            )
            .GroupBy(anchor => anchor)
            .SelectMany(same => same.Select((anchor, i) => i == 0 ? anchor : $"{anchor}-{i}"));

    /// <summary>A document without its fenced code.</summary>
    private static string Prose(string document) => Fences().Replace(File.ReadAllText(document), "");

    [GeneratedRegex(@"(?:\]\(|(?:src|srcset|href)="")([^)\s""]+)")]
    private static partial Regex Links();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Absolute();

    [GeneratedRegex(@"`((?:src|tests|lab|docs|benchmarks|samples|build)/[\w./-]+)`")]
    private static partial Regex Paths();

    [GeneratedRegex(@"\bdocs/[\w/-]+(?:\.\w+)?(?:#[\w-]+)?")]
    private static partial Regex Citations();

    [GeneratedRegex(@"\b[A-Z]{4,} sections? \d")]
    private static partial Regex NumberedSections();

    [GeneratedRegex("^#+ (.+)$")]
    private static partial Regex Headings();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Marks();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex("(^|/)(obj|bin|node_modules)/")]
    private static partial Regex Built();
}
